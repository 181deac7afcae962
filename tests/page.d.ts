interface Window {
  /** What the page offers to scripts. */
  urpatch?: import('../src/ui/automation.ts').Automation
}
