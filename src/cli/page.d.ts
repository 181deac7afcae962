interface Window {
  /** What the page offers to scripts. */
  urpatch?: import('../ui/automation.ts').Automation
}
