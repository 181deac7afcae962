/** @file The page that says how a network of PyTorch becomes a file that Urpatch opens. */
import { Copy } from 'lucide-react'
import { torchNeeds, torchRecipes, torchResult } from '../../core/model/torchRecipes.ts'
import { IconButton } from '../common/IconButton.tsx'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp } from '../useApp.ts'
import './torchHelp.css'

export default function TorchHelp() {
  const showPage = useApp((state) => state.showPage)
  const notify = useApp((state) => state.notify)
  const report = useApp((state) => state.report)
  return (
    <ModalPage onClose={() => showPage(null)} className="torch-help-modal">
      <ModalHead title="From PyTorch in three lines" />
      <div className="torch-help">
        <p>
          A network of PyTorch is Python code, and its file holds only the weights. In Python,
          torch.onnx.export writes both. {torchNeeds}
        </p>
        {torchRecipes.map(({ title, code }) => (
          <section key={title} aria-label={title}>
            <div className="torch-help-head">
              <h3>{title}</h3>
              <IconButton
                label={`Copy the lines for ${title}`}
                onPress={() => {
                  navigator.clipboard.writeText(code).then(() => notify('info', 'Copied.'), report)
                }}
              >
                <Copy size={16} />
              </IconButton>
            </div>
            {/* Long lines scroll sideways, so the keyboard must be able to get there. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre tabIndex={0}>{code}</pre>
          </section>
        ))}
        <p>{torchResult}</p>
      </div>
    </ModalPage>
  )
}
