// Runs a Python file in Pyodide, beside a workbook's main.py:  node run.mjs FOLDER MAIN_PY CHECKS_PY
// FOLDER is what `fetch` filled. The value of the last line of CHECKS_PY, a text, is printed.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, main, checks] = process.argv.slice(2).map((given) => path.resolve(given));
const distribution = path.join(folder, "node_modules", "pyodide") + path.sep;
const { loadPyodide } = await import(pathToFileURL(path.join(distribution, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: distribution, stdout: () => {}, stderr: () => {} });

const site = python.runPython("import sys; next(folder for folder in sys.path if folder.endswith('site-packages'))");
const wheels = path.join(folder, "wheels");
for (const name of fs.readdirSync(wheels).filter((name) => name.endsWith(".whl"))) {
  python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(wheels, name))), "wheel", { extractDir: site });
}
python.FS.mkdirTree("/workbook");
python.FS.writeFile("/workbook/main.py", fs.readFileSync(main, "utf8"));
try {
  process.stdout.write(await python.runPythonAsync(fs.readFileSync(checks, "utf8")));
} catch (error) {
  process.stderr.write(`${error.message}\n`); // not the error itself: Node would print a megabyte of Pyodide's code with it
  process.exitCode = 1;
}
