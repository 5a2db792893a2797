// How the site's scripts are checked; python -m tools.lint_javascript runs it.
import js from "@eslint/js"
import globals from "globals"

// No file hands another anything but by import and export, or by an event on an element.
const shared = {
  selector: "AssignmentExpression > MemberExpression.left[object.name=/^(window|globalThis)$/]",
  message: "is a global between files: export it from a module",
}

export default [
  js.configs.recommended,
  {
    languageOptions: { sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 14],
      "max-lines": ["error", 600],
      "no-implicit-globals": "error",
      "no-restricted-syntax": ["error", shared],
      "no-shadow-restricted-names": "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
    },
  },
  {
    // What works from a disk too, from where browsers load no module; and the search's worker.
    files: ["**/site.js", "**/theme.js", "**/search.js", "**/functions.js"],
    languageOptions: { sourceType: "script" },
  },
  {
    files: ["**/search.js"], // a worker: what is global in it is its own
    languageOptions: { globals: globals.worker },
    rules: { "no-implicit-globals": "off" },
  },
]
