// What the widgets share: how they look, and how an element is made. Each is sent behind this text (widgets.py).
// Texts go in by textContent.

const STYLE = `
.nbmigrate-ui { color: inherit; font-size: 13px; line-height: 1.45; padding: 4px 0; }
.nbmigrate-ui .top, .nbmigrate-ui .buttons { display: flex; gap: 8px; align-items: center; flex-wrap: wrap;
  margin: 6px 0; }
.nbmigrate-ui .mono, .nbmigrate-ui pre { font-family: ui-monospace, Menlo, Consolas, monospace; color: inherit; }
.nbmigrate-ui .tag { background: rgba(128,128,128,.22); border-radius: 8px; padding: 0 7px; font-size: 12px; }
.nbmigrate-ui .applied { background: rgba(46,160,67,.25); }
.nbmigrate-ui .quiet { opacity: .75; overflow-wrap: anywhere; }
.nbmigrate-ui button, .nbmigrate-ui input { font: inherit; color: inherit; padding: 3px 10px; border-radius: 4px;
  border: 1px solid rgba(128,128,128,.6); background: rgba(128,128,128,.14); }
.nbmigrate-ui button { cursor: pointer; }
.nbmigrate-ui button:disabled { opacity: .45; cursor: default; }
.nbmigrate-ui button:focus-visible, .nbmigrate-ui input:focus-visible, .nbmigrate-ui [tabindex]:focus-visible {
  outline: 2px solid rgba(56,132,244,.9); outline-offset: 1px; }
.nbmigrate-ui pre { background: rgba(128,128,128,.14); padding: 6px 10px; margin: 4px 0; overflow: auto;
  max-height: 320px; font-size: 12px; white-space: pre; word-break: normal; }
.nbmigrate-ui .error { background: rgba(248,81,73,.20); padding: 4px 10px; margin: 4px 0; overflow-wrap: anywhere; }
.nbmigrate-ui ul { margin: 4px 0; padding-left: 20px; }
.nbmigrate-ui h4 { margin: 4px 0; font-size: 14px; overflow-wrap: anywhere; }
.nbmigrate-ui summary { cursor: pointer; }
`;

function node(tag, attributes = {}, ...children) {
  const one = document.createElement(tag);
  // the page's shortcuts must not see what is typed here: they ask what has the focus, then what is around it
  if (attributes.tabindex || ["button", "input", "summary"].includes(tag)) one.dataset.lmSuppressShortcuts = "true";
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) one[name] = value;
    else if (value !== false && value != null) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...children.filter((child) => child != null && child !== "").map((c) => (c instanceof Node ? c : String(c))));
  return one;
}
