// Every dashboard beside this folder against Grafana's published types, and every query against Prometheus' grammar.
// npm install && npm run check
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parser } from '@prometheus-io/lezer-promql';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, '..');
const problems = [];

/** The variables have to be something for the grammar: a selector's value, or a duration. */
function plain(expression) {
  return expression.replace(/\$__(rate_interval|range|interval)/g, '1m').replace(/\$\w+/g, 'x');
}

function checkQueries(file, dashboard) {
  let queries = 0;
  for (const panel of dashboard.panels) {
    for (const target of panel.targets ?? []) {
      queries++;
      parser.parse(plain(target.expr)).iterate({
        enter(node) {
          if (node.type.isError) {
            problems.push(`${file}: ${panel.title} ${target.refId}: not PromQL at ${node.from}: ${target.expr}`);
            return false;
          }
          return true;
        },
      });
    }
  }
  return queries;
}

function checkTypes(files) {
  const sources = mkdtempSync(join(here, 'typed-'));
  try {
    const roots = files.map((file) => {
      const source = join(sources, `${basename(file, '.json')}.ts`);
      const json = readFileSync(join(folder, file), 'utf8');
      writeFileSync(source, `import type { Dashboard } from '../types';\nexport const dashboard: Dashboard = ${json};\n`);
      return source;
    });
    const program = ts.createProgram(roots, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
    });
    for (const found of ts.getPreEmitDiagnostics(program)) {
      const line = found.file ? found.file.getLineAndCharacterOfPosition(found.start).line : 0;
      const name = found.file ? basename(found.file.fileName) : '';
      problems.push(`${name}:${line}: ${ts.flattenDiagnosticMessageText(found.messageText, '\n  ')}`);
    }
  } finally {
    rmSync(sources, { recursive: true });
  }
}

const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
let queries = 0;
for (const file of files) {
  queries += checkQueries(file, JSON.parse(readFileSync(join(folder, file), 'utf8')));
}
checkTypes(files);
problems.forEach((problem) => console.error(problem));
console.log(`${files.length} dashboards, ${queries} queries, ${problems.length} problems`);
process.exitCode = problems.length > 0 || files.length === 0 ? 1 : 0;
