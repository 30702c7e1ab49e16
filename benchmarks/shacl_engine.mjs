// shacl-engine on two files: prints the entry and the shape of each result.
import { readFileSync } from 'node:fs'
import { Parser } from 'n3'
import rdf from 'rdf-ext'
import { Validator } from 'shacl-engine'
import { validations } from 'shacl-engine/sparql.js'

const [data, shapes] = process.argv.slice(2).map(path => rdf.dataset(new Parser({ factory: rdf }).parse(readFileSync(path, 'utf8'))))
const report = await new Validator(shapes, { factory: rdf, validations }).validate({ dataset: data })
for (const result of report.results) {
  console.log(result.focusNode.term.value, result.shape.ptr.value)
}
