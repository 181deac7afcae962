interface Window {
  /** What the page offers to scripts. */
  urpatch?: import('../automation/automation.ts').Automation
}
