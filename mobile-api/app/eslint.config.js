import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.gen.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  hooks.configs.flat.recommended,
  {
    files: ["**/*.mjs", "eslint.config.js"],
    languageOptions: { globals: { URL: "readonly", console: "readonly", fetch: "readonly", process: "readonly" } },
  },
  {
    rules: {
      // A picture of somebody's screen is drawn without scripts: the recorder's ways round that stay shut.
      "no-restricted-syntax": [
        "error",
        { selector: ":matches(Identifier, PrivateIdentifier)[name=/^UNSAFE_/]", message: "Nothing of rrweb that is called unsafe." },
        { selector: "Literal[value=/^UNSAFE_/]", message: "Nothing of rrweb that is called unsafe." },
      ],
      "max-lines": ["error", 400],
      "max-params": ["error", 4],
      "max-depth": ["error", 3],
      "max-len": ["error", { code: 140, ignoreStrings: true, ignoreTemplateLiterals: true }],
    },
  },
);
