/**
 * @file How networks of PyTorch become files that Urpatch opens, in three lines of Python each: the page that helps and
 * README.md show the same, which `tests/make/try_torch_recipes.py` has run as they are written.
 */

export interface TorchRecipe {
  /** Where the network comes from. */
  readonly title: string
  readonly code: string
}

export const torchRecipes: readonly TorchRecipe[] = [
  {
    title: 'torchvision',
    code: `import torch, torchvision
model = torchvision.models.resnet50(weights="DEFAULT")
torch.onnx.export(model.eval(), torch.rand(1, 3, 224, 224), "resnet50.onnx")`,
  },
  {
    title: 'timm',
    code: `import timm, torch
model = timm.create_model("resnet50.a1_in1k", pretrained=True)
torch.onnx.export(model.eval(), torch.rand(1, *model.pretrained_cfg["input_size"]), "resnet50.onnx")`,
  },
  {
    title: 'Ultralytics',
    code: `from ultralytics import YOLO
model = YOLO("yolo11n.pt")
model.export(format="onnx")`,
  },
  {
    title: 'A network of your own',
    code: `model = MyNetwork()
model.load_state_dict(torch.load("weights.pth"))
torch.onnx.export(model.eval(), torch.rand(1, 3, 224, 224), "model.onnx")`,
  },
]

/** What has to be there for it, as a sentence. */
export const torchNeeds =
  'New versions of PyTorch need two packages more for it: pip install onnx onnxscript.'

/** What to do with the result, as a sentence. */
export const torchResult =
  'Drop the .onnx file here, along with the .onnx.data beside it if there is one: PyTorch writes the weights there.'
