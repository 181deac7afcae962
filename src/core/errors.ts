/**
 * @file Every sentence that the user can be shown, and every clause that becomes part of one, in two tables. A sentence
 * says what it is about, what is wrong, and what to do. An error carries its code from worker to page, so that code
 * never needs to parse messages.
 */
import { referenceKernels } from './backendNames.ts'
import { inSentence } from './shownText.ts'
import { whatCanBeDropped, whatCanBeOpened } from './model/formats.ts'

const unreadable = (d: { file: string; reason: string }): string =>
  `${d.file} cannot be read (${d.reason}). Check that it is still where it was, and open it again.`

const sentences = {
  'model/empty-file': (d: { file: string }) =>
    `${d.file} is empty (0 bytes). Save or download the model again.`,
  'model/other-kind': (d: { file: string; what: string; advice: string }) =>
    `${d.file} cannot be opened: it is ${d.what}. ${d.advice}`,
  'model/pytorch': (d: { file: string; what: string }) =>
    `${d.file} cannot be opened: it is ${d.what}, and a network of PyTorch is written in Python. Export it there with torch.onnx.export(model.eval(), torch.rand(1, 3, 224, 224), "model.onnx"), then drop model.onnx, along with model.onnx.data if there is one.`,
  'model/unknown-kind': (d: { file: string }) =>
    `${d.file} holds no model that Urpatch knows. It opens ${whatCanBeOpened}.`,
  'model/truncated': (d: { file: string; bytes: number; expected: number }) =>
    `${d.file} is cut off: it should hold ${d.expected.toLocaleString('en')} bytes and has ${d.bytes.toLocaleString('en')}. Copy or download it again.`,
  'model/unreadable': unreadable,
  'model/damaged': (d: { file: string; reason: string }) =>
    `${d.file} is damaged and cannot be read (${d.reason}). Copy or download it again, or save the model again.`,
  'model/open-for-writing': (d: { file: string }) =>
    `${d.file} is marked as still open for writing, so HDF5 does not read it: what wrote it is running yet, or was stopped. Save the model again; if the file is whole, h5clear -s "${d.file}" takes the mark away.`,
  'model/pictures': (d: { file: string }) =>
    `There are pictures in ${d.file} and no model. Open them with "Open images" (on the command line with --images).`,
  'model/no-file': () => `There is no model among the dropped files. Drop ${whatCanBeDropped}.`,
  'model/weights-only': (d: { file: string }) =>
    `${d.file} holds weights without the network's architecture. Drop its config.json or the text of model.to_json() along, or save the whole model with model.save("model.keras").`,
  'model/no-weights': (d: { file: string }) =>
    `${d.file} describes a network without its weights. Drop its weights file (.weights.h5) along, or save the whole model with model.save("model.keras").`,
  'model/numpy-weights': (d: { file: string; weights: string }) =>
    `${d.file} keeps its weights in ${d.weights}, which Urpatch does not read: NumPy may run code that such a file holds. Open it with Keras and save it again with model.save("model.keras").`,
  'model/not-keras': (d: { file: string }) =>
    `${d.file} is an HDF5 file but no Keras model: it has no model_config. Save the model with model.save("model.keras").`,
  'model/input-channels': (d: { file: string; shape: string }) =>
    `${d.file} cannot be opened: its input has shape ${d.shape}: images have 1, 3 or 4 channels.`,
  'model/input-too-large': (d: { file: string; shape: string; needed: string; most: string }) =>
    `${d.file} cannot be opened: its input of ${d.shape} takes ${d.needed} for one image, more than the ${d.most} that can be had.`,
  'model/bad-config': (d: { file: string; reason: string }) =>
    `The model configuration inside ${d.file} cannot be read (${d.reason}). Save the model again.`,
  'model/bad-json': (d: { file: string; reason: string }) =>
    `${d.file} is not valid JSON (${d.reason}). Copy or download it again.`,
  'model/shard-missing': (d: { file: string; shard: string }) =>
    `${d.file} cannot be opened: its shard ${d.shard} is not among the dropped files. Drop the whole folder, or all of its files together.`,
  'model/shard-size': (d: { file: string; shard: string; expected: number; found: number }) =>
    `${d.file} cannot be opened: its shard ${d.shard} should hold ${d.expected.toLocaleString('en')} bytes and has ${d.found.toLocaleString('en')}. Copy or download it again.`,
  'model/data-missing': (d: { file: string; data: string }) =>
    `${d.file} cannot be opened: its weights lie in ${d.data}, which is not among the dropped files. Drop the whole folder, or both files together.`,
  'model/unsupported-model': (d: { file: string; what: string }) =>
    `${d.file} cannot be opened: ${d.what}. Urpatch reads networks with one image input.`,
  'model/too-many-layers': (d: { file: string; layers: number; most: number }) =>
    `${d.file} cannot be opened: it has ${d.layers < 1e15 ? d.layers.toLocaleString('en') : 'countless'} layers, and Urpatch opens networks of up to ${d.most.toLocaleString('en')}.`,
  'model/too-slow': (d: { file: string; seconds: number }) =>
    `${d.file} was not opened: reading it took longer than ${d.seconds} seconds, so the attempt was ended.`,
  'model/nothing-to-scan': (d: { file: string; reason: string }) =>
    `No layer of ${d.file} can be scanned: ${d.reason}`,
  'model/weight-count': (d: { file: string; layer: string; expected: string; found: string }) =>
    `${d.file}: the shapes of the weights do not match: layer "${d.layer}" needs ${d.expected} and the file holds ${d.found}. The weights may be of another network; save the model again.`,
  'model/weight-shape': (d: {
    file: string
    layer: string
    weight: string
    expected: string
    found: string
  }) =>
    `${d.file}: the ${d.weight} of layer "${d.layer}" has shape ${d.found} in the file, but its configuration says ${d.expected}. Save the model again.`,
  'model/weight-type': (d: { file: string; layer: string; weight: string; type: string }) =>
    `${d.file}: the ${d.weight} of layer "${d.layer}" is stored as ${d.type}; only 32-bit and 64-bit floats can be read. Save the model with dtype float32.`,
  'model/weight-not-finite': (d: { file: string; layer: string; weight: string }) =>
    `${d.file}: the ${d.weight} of layer "${d.layer}" holds NaN or infinite numbers. The training went wrong, or the file is damaged.`,
  'model/fixed-size': (d: { file: string; size: string }) =>
    `${d.file} takes images of ${d.size} only, so no other input size can be chosen.`,
  'model/unknown-layer': (d: { layer: string; known: string }) =>
    `The model has no layer "${d.layer}" that can be scanned. It has: ${d.known}.`,
  'images/none': (d: { folder: string }) =>
    `${d.folder} holds no images. Drop a folder of PNG, JPEG, WebP, GIF, BMP or AVIF pictures.`,
  'images/left-out': (d: { folder: string; count: number; path: string; why: string }) =>
    `${d.folder}: ${d.count === 1 ? `${d.path} is` : `${d.count.toLocaleString('en')} files are`} left out, as ${d.count === 1 ? 'it is' : `${d.path} is`} ${d.why}. The images menu lists ${d.count === 1 ? 'it' : 'them'}.`,
  'images/index-empty': (d: { index: string }) =>
    `${d.index} names no image of this folder. It needs one line an image: class, tab or comma, file name.`,
  'images/index-unused': (d: { index: string }) =>
    `${d.index} looks like an index, but none of the images of this folder is named in it, so it is not used: classes come from the folders.`,
  'images/index-contradicts': (d: { index: string; count: number; first: string }) =>
    `${d.index} names ${d.count === 1 ? 'an image' : `${d.count.toLocaleString('en')} images`} again and says something else (${d.first}); what it says first counts.`,
  'images/index-missing': (d: { index: string; folder: string }) =>
    `${d.folder} holds no file "${d.index}". Give the index as a path, or as a name inside the image folder.`,
  'images/index-unreadable': (d: { index: string; reason: string }) =>
    `The index ${d.index} cannot be used: ${d.reason}. Check the file, or choose another index.`,
  'images/not-shown': (d: { image: string; reason: string }) => `${d.image} cannot be shown: ${d.reason}.`,
  'images/not-used': (d: { reason: string }) => `One of the images cannot be used: ${d.reason}.`,
  'images/not-allowed': (d: { folder: string }) =>
    `The browser was not allowed to read ${d.folder}. Open it again and allow it, or choose the folder anew.`,
  'archive/damaged': (d: { file: string; reason: string }) =>
    `${d.file} cannot be read (${d.reason}). Copy or download it again.`,
  'archive/encrypted': (d: { file: string }) =>
    `${d.file} is protected with a password. Unpack it and drop the folder.`,
  'archive/packed': (d: { file: string; kind: string }) =>
    `${d.file} is packed with ${d.kind}, so its files cannot be reached one by one. Unpack it and drop the folder, or use a .zip or .tar.`,
  'dataset/damaged': (d: { file: string; reason: string }) =>
    `${d.file} is no whole dataset file (${d.reason}). Copy or download it again.`,
  'project/nothing-open': () => 'There is nothing to make a project of: open a model and images first.',
  'project/raw-images': (d: { images: string }) =>
    `The pictures of ${d.images} lie in dataset files and have no files of their own, which a project needs. Save them as PNG and open these.`,
  'project/unreachable': (d: { url: string; reason: string }) =>
    `The project file ${d.url} cannot be loaded (${d.reason}). Check the link.`,
  'project/file-unreachable': (d: { file: string; reason: string }) =>
    `${d.file}, which the project names, cannot be loaded (${d.reason}). Check that it lies there.`,
  'project/invalid': (d: { url: string; reason: string }) =>
    `The project file ${d.url} is not valid: ${d.reason}.`,
  'export/nothing': () => 'There is nothing to save: no layer has been scanned.',
  'reasons/no-number': () =>
    'No picture can be made for this channel: it is NaN or infinite wherever one begins. Check the model and the preprocessing.',
  'backend/unavailable': (d: { backend: string; reason: string }) =>
    `The ${d.backend} backend cannot be started here (${d.reason}). Choose another one.`,
  'backend/lost': (d: { backend: string; reason: string }) =>
    `The ${d.backend} backend has stopped: ${d.reason}. Run again, or choose another backend.`,
  'backend/out-of-memory': (d: { backend: string; layer: string | null }) =>
    `There is not enough memory for ${d.layer === null ? 'this network' : `layer "${d.layer}"`} on ${d.backend}, even for one image at a time. Close other programs and tabs, choose a smaller input size, or choose another backend.`,
  'backend/differs': (d: {
    backend: string
    layer: string
    isFolded: boolean
    size: string
    better: string
  }) =>
    `From layer "${d.layer}" on${d.isFolded ? ', if layers before it are folded into one another,' : ','} ${d.backend} computes other numbers than ${referenceKernels} (${d.size}), so images with nearly the same activation may change places. Choose ${d.better} in the backend menu for exact results.`,
  'backend/refused': (d: { backend: string; file: string; reason: string }) =>
    `${d.backend} is not used for ${d.file}: ${d.reason}.`,
  'model/partly-scannable': (d: { file: string; problem: string }) =>
    `${d.file} is open, but ${d.problem}. It and the layers after it cannot be scanned.`,
  'scan/nan': (d: { layers: string }) =>
    `NaN came out of ${d.layers}. Such units are left out; check the model and the preprocessing.`,
  'scan/dead': (d: { layer: string; count: number; channels: number }) =>
    `Nearly all channels of ${d.layer} are dead (${d.count} of ${d.channels}). The pixel range may be wrong: look at “What the network sees” in the images menu.`,
  'scan/same': (d: { layer: string; count: number; channels: number }) =>
    `In ${d.count} of ${d.channels} channels of ${d.layer} the best images all give the same activation. The pixel range may be wrong: look at “What the network sees” in the images menu.`,
  'scan/classes-of-layer': (d: { classes: number; channels: number; most: number }) =>
    `The means of ${d.classes.toLocaleString('en')} classes in ${d.channels.toLocaleString('en')} channels are left out: more than ${d.most.toLocaleString('en')} of them a layer take too much memory.`,
  'scan/classes-of-scan': (d: { most: number }) =>
    `The means of the classes are left out here: more than ${d.most.toLocaleString('en')} of them in one scan take too much memory. Scan fewer layers at a time.`,
  'scan/worker-missing': (d: { reason: string }) =>
    `A worker takes no part in this scan, which goes on with the others: ${d.reason}`,
  'scan/worker-replaced': (d: { workers: number; images: number; reason: string }) =>
    `${d.workers === 1 ? 'A worker was' : `${d.workers} workers were`} replaced, and the scan goes on${d.images > 0 ? ` (${d.images.toLocaleString('en')} image${d.images === 1 ? ' is' : 's are'} scanned again)` : ''}: ${d.reason}`,
  'scan/no-worker': (d: { reason: string }) =>
    `The scan has stopped, because its workers fail again and again. What was found stays: press “Scan the rest” to try once more, or choose the WASM backend. The last failure: ${d.reason}`,
  'scan/checkpoint-failed': (d: { reason: string }) =>
    `The browser cannot store what this scan finds (${d.reason}). The scan goes on, but its results are gone when the page is closed: export them.`,
  'scan/checkpoint-unreadable': (d: { reason: string }) =>
    `The unfinished scan cannot be read (${d.reason}). Try it again, or press Run to scan anew.`,
  'scan/images-changed': (d: { image: string }) =>
    `The images are not those of the earlier scan any more (${d.image} has changed), so its results are left out. Press Run to scan anew.`,
  'scan/put-aside': (d: { count: number }) =>
    `Results of ${d.count === 1 ? '1 layer' : `${d.count} layers`} put aside.`,
  'kept/unreadable': (d: { layers: string; reason: string }) =>
    `The kept results of ${d.layers} cannot be read (${d.reason}). They stay where they are; reload the page to try again, or press Run to scan anew.`,
  'kept/open-yourself': (d: { name: string; button: string }) =>
    `Now open ${d.name} with “${d.button}”: as soon as it is open, its results are back.`,
  'kept/not-allowed': (d: { name: string; button: string }) =>
    `The browser was not allowed to read ${d.name}. Open it with “${d.button}”, and its results are back.`,
  'kept/gone': (d: { name: string; button: string; reason: string }) =>
    `${d.name} is not where it was (${d.reason}). Open it with “${d.button}”, and its results are back.`,
  'kept/newer': () =>
    'A newer version of Urpatch has kept results in this browser, which this page cannot read. Reload the page to get that version.',
  'kept/evicted': (d: { names: string }) =>
    `There is no room for all results in this browser, so the oldest have left: ${d.names}.`,
  'kept/forgotten': (d: { model: string; images: string }) =>
    `The results of ${d.model} with ${d.images} are forgotten.`,
  'scan/resumed-elsewhere': () =>
    'This scan goes on in another tab or window already. Close that one to resume it here.',
  'scan/nothing-left': (d: { layers: string }) =>
    `All chosen images have been through ${d.layers}: there is nothing left to scan.`,
  'scan/anew': (d: { layers: string }) =>
    `${d.layers}: scanned again from the start; the results before give way to new ones.`,
  'scan/queue-dropped': (d: { layers: string }) =>
    `${d.layers} waited for the scan that failed, and was taken out of the queue. Press Run to try it.`,
  'scan/queue-stopped': (d: { layers: string }) =>
    `${d.layers} waited in the queue, and is not scanned either. Press Run to scan it.`,
  'scan/no-image': (d: { count: number; first: string }) =>
    `${d.count === 1 ? 'The one image could not be read' : `None of the ${d.count} images could be read`}. ${d.first}.`,
  'proof/unreadable': (d: { image: string; reason: string }) =>
    `The patch of ${d.image} was not proved, because the image has to be read again: ${d.reason}. Check that the file is still there.`,
  'ablation/no-image': (d: { count: number }) =>
    `${d.count === 1 ? 'The image cannot' : `None of the ${d.count.toLocaleString('en')} images can`} be read, so nothing is known of what the network does without the channel. Check that the files are still there.`,
  'ablation/nothing-behind': (d: { layer: string }) =>
    `Nothing in the network depends on ${d.layer}, so nothing changes without one of its channels.`,
  'setting/unknown': (d: { setting: string; value: string; allowed: string }) =>
    `The setting ${d.setting}=${d.value} does not exist. Allowed: ${d.allowed}.`,
  'setting/channels': (d: { setting: string; length: number; channels: number }) =>
    `The setting ${d.setting} has ${d.length} numbers, but the model takes pictures of ${d.channels} channel${d.channels === 1 ? '' : 's'}. Give one number, or one for each channel.`,
  'selection/unknown': (d: { kind: string; name: string; known: string }) =>
    `These images have no ${d.kind} "${d.name}". They have: ${d.known}.`,
  'selection/empty': () => 'No image is chosen to be scanned. Choose more classes, splits or images.',
  'results/truncated': (d: { file: string; bytes: number }) =>
    `${d.file} is cut off after ${d.bytes.toLocaleString('en')} bytes. Copy or download it again, or export the results again.`,
  'results/invalid': (d: { file: string; problem: string }) =>
    `The results in ${d.file} cannot be shown: ${d.problem}. Export them again.`,
  'results/version': (d: { file: string; version: number; known: number }) =>
    `${d.file} comes from a newer Urpatch: its version is ${d.version}, and versions up to ${d.known} can be opened here. Load this page again to get the newest Urpatch, or open the file where it was made.`,
  'snapshot/invalid': (d: { file: string; problem: string }) =>
    `${d.file} is no whole snapshot: ${d.problem}. Save it again, or scan again.`,
  'snapshot/unlike': (d: { file: string; first: string; what: string }) =>
    `${d.file} does not go together with ${d.first}: ${d.what}. Snapshots are merged that are parts of one scan.`,
  'snapshot/overlap': (d: { file: string; first: string; count: number; image: string }) =>
    `${d.file} and ${d.first} have seen the same images: ${d.count === 1 ? d.image : `${d.count.toLocaleString('en')}, as ${d.image}`}. Each image may be in one of them only.`,
  'snapshot/unfinished': (d: { out: string; missing: number; chosen: number; files: string }) =>
    `${d.out} would lack ${d.missing.toLocaleString('en')} of the ${d.chosen.toLocaleString('en')} chosen images${d.files === '' ? '' : `, as these are not finished: ${d.files}`}. Scan the rest first (with --resume a scan goes on), or give --partial to merge what there is.`,
  'snapshot/partial': (d: { file: string; missing: number; chosen: number }) =>
    `${d.file} lacks ${d.missing.toLocaleString('en')} of the ${d.chosen.toLocaleString('en')} chosen images. With its model and its images open, Run goes on with them.`,
  'snapshot/unlike-losses': (d: { file: string; layers: string }) =>
    `${d.file} does not say what is lost without each channel of ${d.layers}: the snapshots it is made of have ranked these channels by different images. Rank them again.`,
  'snapshot/other-images': (d: { file: string; images: string }) =>
    `${d.images} has other paths, classes or files than those that ${d.file} was made with, so a scan cannot go on from it.`,
  'snapshot/other-backend': (d: { file: string; was: string; now: string }) =>
    `${d.file} was computed by ${d.was}, and ${d.now} gives other last digits: choose ${d.was} in the backend menu, and a scan goes on from it.`,
  'snapshot/other-layers': (d: { file: string; layer: string }) =>
    `${d.file} has ${d.layer} in a form that this version of Urpatch does not give it, so a scan cannot go on from it.`,
  'results/other-model': (d: { file: string; model: string; was: string }) =>
    `${d.model} is not the model that ${d.file} was made with: its content is another than that of ${d.was}.`,
  'results/other-input': (d: { file: string; model: string; here: string; there: string }) =>
    `${d.model} is open with an input of ${d.here}, and ${d.file} was made with ${d.there}.`,
  'results/left-out': (d: { file: string; layers: string }) =>
    `${d.layers} of ${d.file} are not in the saved file: one file has one number of patches a channel and one choice of images. Scan them anew to have them in it.`,
  'results/one': (d: { file: string; others: string }) =>
    `One results file is shown at a time: ${d.file} is open, ${d.others} is not.`,
  'results/unreachable': (d: { url: string; reason: string }) =>
    `The results at ${d.url} cannot be loaded (${d.reason}). Check the link.`,
  'results/unreadable': unreadable,
  'compare/other-images': (d: { file: string; first: string }) =>
    `${d.file} and ${d.first} are not of the same images. Scan both on the same ones, or take the others out of the comparison.`,
  'compare/full': (d: { file: string }) =>
    `There is no room to keep ${d.file} too. Take another scan out of the comparison.`,
  'compare/nothing': () => 'There is nothing to keep yet: scan a layer first.',
  'compare/kept': (d: { name: string; isFirst: boolean }) =>
    `${d.name} is kept for comparison.${d.isFirst ? ' Open another model, scan the same layer, and keep that too.' : ''}`,
  'notes/invalid': (d: { file: string; problem: string }) =>
    `The notes in ${d.file} cannot be read: ${d.problem}. Export them again, or correct the file.`,
  'notes/version': (d: { file: string; version: number; known: number }) =>
    `The notes in ${d.file} come from a newer Urpatch: their version is ${d.version}, and versions up to ${d.known} can be read here. Load this page again to get the newest Urpatch.`,
  'notes/unreadable': unreadable,
  'notes/not-kept': (d: { reason: string }) =>
    `The browser cannot keep your names and notes (${d.reason}). They are gone when the page is closed: export them.`,
  'notes/not-found': (d: { reason: string }) =>
    `The names and notes that this browser keeps cannot be read (${d.reason}). Reload the page to try again.`,
  'notes/newer': () =>
    'a newer version of Urpatch has kept them, which this page cannot read: reload the page to get that version',
  'notes/merged': (d: { file: string; added: number; people: string; from: string | null; lost: string }) =>
    `${d.added === 1 ? '1 note has' : `${d.added.toLocaleString('en')} notes have`} come in from ${d.file}${d.people && `, by ${d.people}`}.${d.from === null ? '' : ` They were written about ${d.from}, which is another model.`}${d.lost && ` ${d.lost}`}`,
  'notes/lost': (d: { count: number; model: string; first: string }) =>
    `${d.model} does not have ${d.count === 1 ? `${d.first}, whose note is` : `${d.count.toLocaleString('en')} of the channels, as ${d.first}: their notes are`} kept.`,
  'notes/nothing-new': (d: { file: string }) => `All notes of ${d.file} are here already.`,
  'notes/for-later': (d: { file: string; count: number; model: string }) =>
    `${d.count === 1 ? 'The note' : `The ${d.count.toLocaleString('en')} notes`} of ${d.file} ${d.count === 1 ? 'is' : 'are'} kept, and shown when ${d.model} is open.`,
  'notes/no-model': (d: { file: string }) =>
    `${d.file} does not say which model its notes are about. Open that model first, then this file.`,
  'notes/no-channel': (d: { layer: string; channel: number }) =>
    `The model has no channel ${d.channel} in a layer "${d.layer}".`,
  'notes/change': (d: { key: string; problem: string }) => `The note is not changed: ${d.key} ${d.problem}.`,
  'notes/person-removed': (d: { author: string; count: number }) =>
    `${d.count === 1 ? 'The note' : `${d.count.toLocaleString('en')} notes`} of ${d.author || 'people without a name'} ${d.count === 1 ? 'is' : 'are'} removed.`,
  'notes/removed': (d: { what: string; layer: string; channel: number }) =>
    `${d.what} of channel ${d.channel} of ${d.layer} is removed.`,
  'camera/unavailable': () =>
    'The browser gives this page no camera: open it over https, or on this machine (localhost).',
  'camera/refused': () =>
    'The browser did not allow this page to use the camera. Allow it beside the address, then press Webcam again.',
  'camera/none': () => 'No camera was found. Connect one, then press Webcam again.',
  'camera/unreadable': (d: { reason: string }) =>
    `The camera gives no pictures (${d.reason}). Close other programs that use it, then press Webcam again.`,
  'probe/no-picture': () => 'There is no picture in the clipboard. Copy one, or choose a file.',
  'probe/clipboard': () =>
    'The browser did not allow this page to read the clipboard. Press Ctrl+V (⌘V) instead.',
  'worker/died': (d: { worker: string; reason: string }) =>
    `The ${d.worker} worker stopped (${d.reason}); a new one is started when it is needed.`,
  'worker/hung': (d: { seconds: number }) =>
    `A worker did not answer for ${d.seconds} seconds; a new one is started when it is needed.`,
} as const

/**
 * Clauses say what is wrong with an image or a layer, without a full stop. The code that knows its name makes a sentence
 * of them ("cat/1.png cannot be shown: …"), or shows them in a list beside the path.
 */
const clauses = {
  'model/unsupported-layer': (d: { layer: string; className: string }) =>
    `layer "${d.layer}" is of type ${d.className}, which Urpatch does not support`,
  'model/unsupported-option': (d: { layer: string; className: string; option: string; value: string }) =>
    `layer "${d.layer}" (${d.className}) uses ${d.option} = ${d.value}, which Urpatch does not compute`,
  'images/undecodable': (d: { kind: string }) =>
    `not a picture that this browser can decode: a damaged ${d.kind} file, or a rare form of it; save it again as PNG or JPEG`,
  'images/unknown-kind': () =>
    'no picture of a known format (PNG, JPEG, WebP, GIF, BMP, ICO, AVIF, TIFF); copy or save it again',
  'images/other-kind': (d: { what: string; advice: string }) => `${d.what}; ${d.advice}`,
  'images/too-large': (d: { width: number; height: number; most: number }) =>
    `${d.width.toLocaleString('en')}×${d.height.toLocaleString('en')} pixels, more than the ${d.most.toLocaleString('en')} that are decoded (Pillow's limit, too); make the picture smaller`,
  'images/too-slow': (d: { seconds: number; tries: number }) =>
    `decoding it took longer than ${d.seconds} seconds in each of ${d.tries} tries; make the picture smaller or save it again`,
  'images/stops-worker': (d: { reason: string }) =>
    `its worker stopped twice when it had this image alone; save the picture again: ${d.reason}`,
  'images/unreadable': (d: { reason: string }) => `it cannot be read (${d.reason})`,
} as const

export type SentenceCode = keyof typeof sentences
export type ClauseCode = keyof typeof clauses
type DetailOf<C extends SentenceCode> = Parameters<(typeof sentences)[C]>[0]
type ClauseDetailOf<C extends ClauseCode> = Parameters<(typeof clauses)[C]>[0]

/** The sentence for a code, to show a problem without throwing it. */
export function sentence<C extends SentenceCode>(
  code: C,
  ...detail: Parameters<(typeof sentences)[C]>
): string {
  return (sentences[code] as (d?: DetailOf<C>) => string)(...shown(detail as [DetailOf<C>?]))
}

/** The clause for a code; the caller makes a sentence of it. */
export function clause<C extends ClauseCode>(code: C, ...detail: Parameters<(typeof clauses)[C]>): string {
  return (clauses[code] as (d?: ClauseDetailOf<C>) => string)(...shown(detail as [ClauseDetailOf<C>?]))
}

/** Reasons and lists may be longer than names. */
const longestDetail = 1200

/** Names and reasons come from files, and may hold anything. */
function shown<D extends readonly unknown[]>(details: D): D {
  return details.map((detail) =>
    Object.fromEntries(
      Object.entries(detail as Readonly<Record<string, unknown>>).map(([key, value]) => [
        key,
        typeof value === 'string' ? inSentence(value, longestDetail) : value,
      ]),
    ),
  ) as unknown as D
}

/**
 * An error of ours. Its message is a whole sentence for the user, unless it is a `ClauseError`. Its `code` survives
 * postMessage.
 */
export class AppError<Code extends SentenceCode | ClauseCode = SentenceCode | ClauseCode> extends Error {
  override readonly name = 'AppError'
  readonly code: Code

  constructor(code: Code, message: string) {
    super(message)
    this.code = code
  }
}

/** An error whose message is a clause: the code that catches it and knows the name makes a sentence of it. */
export class ClauseError extends AppError<ClauseCode> {}

/** An error that can be shown as it is. The type refuses those that are known to be clauses. */
export type Reportable<E> = E extends ClauseError ? never : E

/** `throw appError('model/empty-file', { file })` */
export function appError<C extends SentenceCode>(
  code: C,
  ...detail: Parameters<(typeof sentences)[C]>
): AppError {
  return new AppError(code, sentence(code, ...detail))
}

/** `throw clauseError('images/unreadable', { reason })` */
export function clauseError<C extends ClauseCode>(
  code: C,
  ...detail: Parameters<(typeof clauses)[C]>
): ClauseError {
  return new ClauseError(code, clause(code, ...detail))
}

/** The error's code; null if it is not one of ours. Errors from a worker keep their code, but not their class. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/** Whether the error's message is a clause. This also works for errors that come from a worker. */
export function isClause(error: unknown): error is ClauseError {
  const code = codeOf(error)
  return code !== null && Object.hasOwn(clauses, code)
}

/** Says in a clause what is wrong with an image; takes whatever was thrown. */
export function clauseOf(error: unknown): string {
  return isClause(error) ? error.message : clause('images/unreadable', { reason: messageOf(error) })
}

/**
 * The error to throw on, for code that knows the name: our own sentences stay as they are, anything else goes through
 * `finish` as a clause.
 */
export function finished(error: unknown, finish: (clause: string) => AppError): unknown {
  return codeOf(error) !== null && !isClause(error) ? error : finish(clauseOf(error))
}

/**
 * As `messageOf`, for what reads other people's files. What the language itself says of a file that nobody has thought of is about
 * our variables, and tells a person nothing.
 */
export function reasonOf(error: unknown): string {
  const isOfLanguage = error instanceof TypeError || error instanceof RangeError
  return isOfLanguage ? 'its parts do not go together' : messageOf(error)
}

/** Says in words what went wrong; takes whatever was thrown. */
export function messageOf(error: unknown): string {
  if (isQuotaExceeded(error)) return 'there is no room left for this page'
  return error instanceof Error ? error.message : String(error)
}

/** The browser's storage is full. Chromium says nothing else about it. */
export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError'
}

/** What browsers throw if a file has been changed or has gone since it was chosen. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Error && ['NotReadableError', 'NotFoundError'].includes(error.name)
}
