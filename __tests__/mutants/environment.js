// After the first failure nothing else is run: one test that notices is all that a mutant needs.
const { TestEnvironment } = require('jest-environment-node')

module.exports = class FirstFailureEnds extends TestEnvironment {
  failed = false

  handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.failed = true
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip'
  }
}
