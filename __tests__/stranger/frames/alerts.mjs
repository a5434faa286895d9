import assert from 'node:assert'
import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import client from 'prom-client'
import { parse } from 'yaml'
import { collect } from 'express-geetest/prometheus'
import { done } from './support/cloud.mjs'

collect(client)
const known = client.register.getMetricsAsArray().map(({ name }) => name)
const { groups } = parse(readFileSync(process.env.BLOCK, 'utf8'))
const rules = groups.flatMap((group) => group.rules)
assert.equal(rules.length, 5)
for (const { alert, expr, annotations } of rules) {
  parser.parse(expr).iterate({
    enter: ({ type, from, to }) => {
      assert(!type.isError, `${alert}: ${expr} at ${from}`)
      if (type.name === 'Identifier')
        assert(known.includes(expr.slice(from, to)), `${alert}: no metric ${expr.slice(from, to)}`)
    },
  })
  assert(known.some((name) => expr.includes(name)) && annotations.summary !== '', alert)
}
done()
