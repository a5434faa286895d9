/** English. A sentence's name is the code of its check and a word for what was found. */
export const english = {
  usage: {
    noCommand: 'there is no command "{name}"; the commands are {names}',
    otherCommand: 'there is no command "{name}"; did you mean {near}?',
    noOption: "Unknown option '{option}'; the options are {options}",
    otherOption: "Unknown option '{option}'; did you mean {near}?",
    noValue: '{option} takes no value',
    value: '{option} needs a value behind it',
    lang: '--lang is {lang}; write zh or en',
    oneFile: 'one file at most, not {files}',
    port: '--port is {port}; write a number from 0 to 65535',
    url: '--url is {url}; write an address with its scheme, such as https://my.site/',
    prefix: '--prefix is {prefix}; write a path, such as /captcha',
    page: '--page is {page}; write a path, such as /login',
    demoFile: 'demo takes no file, not {file}',
    simulatorFile: 'simulator takes no file, not {file}; a program to run with it comes behind --',
    endpoint: '--endpoint says where a fault is; write --fault before it, such as --fault hang',
  },

  simulator: {
    faults: 'Faults (--fault): {faults}',
    portTaken: 'simulator: port {port} is in use; write another, such as --port {next}',
    otherPort: 'simulator: port {taken} is in use; this one is at port {port}',
  },

  doctor: {
    stray: 'express-geetest: outside of any request, the file threw this: {message}',
    printed: 'Printed by the site meanwhile:',
  },

  help: `express-geetest: the Geetest captcha for Express

  npx express-geetest demo [--port 5000] [--host localhost]
      The demo: a login page with all integrations. Against a simulator, or with GEETEST_ID and GEETEST_KEY in the
      environment against the cloud.

  npx express-geetest simulator [--port 7001] [--id …] [--key …] [--fault hang [--endpoint validate]] [-- program …]
      Geetest's cloud on this machine, for tests and development; with a program, for as long as that runs. It finds the
      cloud in GEETEST_ID, GEETEST_KEY and GEETEST_API_SERVER, and a SESSION_SECRET beside them.

  npx express-geetest doctor [file] [--scene login] [--prefix /captcha] [--page /login]
      [--url https://my.site/] [--drill] [--json]
      Checks a deployment and says what to write. The file exports the Express app (default or "app"), the plugin
      ("captcha") or its options; without one, GEETEST_ID and GEETEST_KEY are read from the environment, or GEETEST4_ID
      and GEETEST4_KEY for version 4. --scene chooses among the plugins of an app, --prefix says where it is mounted, --page
      which page has the form (default /). --url looks at a running site from outside. --drill rehearses an outage on the
      app, in this process alone.
      The exit code is 1 where there is a problem.

  --lang zh|en   the language of help and doctor; otherwise that of LC_ALL, LC_MESSAGES or LANG
  --version      the version of this package`,

  report: {
    ok: 'ok      ',
    warning: 'warning ',
    problem: 'problem ',
    write: 'write:',
    sum: '{ok} ok, {warnings} to think about, {problems} to repair.',
  },

  drill: {
    nothing: 'There is no app or plugin to rehearse with; name the file that exports it.',
    issued: 'In an outage the visitor gets a challenge of "{downtime}" within {ms} ms.',
    not_issued: 'In an outage GET /getcaptcha gives no challenge: {what}.',
    closed: 'With downtime "deny" nobody logs in until the cloud is back.',
    solved: 'The challenge was solved in {ms} ms on this machine; a slow phone takes up to ten times as long.',
    not_solved: 'A challenge of "{downtime}" cannot be solved here; try it in a browser.',
    accepted: 'POST /validate accepted the answer within {ms} ms.',
    not_accepted: 'POST /validate did not accept a right answer: {what}.',
    guarded: 'A guard let the visitor through within {ms} ms.',
    not_guarded: 'A guard turned the visitor away: {code}.',
    once: 'The same answer, sent again, was refused within {ms} ms.',
    twice: 'The same answer, sent again, was not refused: {what}.',
    back: 'With the cloud back the next visitor gets an online challenge within {ms} ms.',
    not_back: 'With the order taken back the next visitor got no online challenge ({what}): is the cloud really down?',
  },

  findings: {
    'node.ok': 'Node.js {version}.',
    'node.old': 'Node.js is {version}; this package needs {needs}.',
    'node_env.ok': 'NODE_ENV is production.',
    'node_env.unset': 'NODE_ENV is not set: in production Express would show stack traces to visitors.',
    'node_env.other': 'NODE_ENV is {value}: in production Express would show stack traces to visitors.',
    'peers.ok': '{list}.',
    'peers.missing': '{name} is not installed where the site is.',
    'peers.old': '{name} is {version}; this package works with {range}.',
    'app.ok': 'The app was loaded, and the plugin is in it.',
    'app.failed': 'The file cannot be loaded: {message}',
    'app.nothing': 'The file exports nothing.',
    'app.empty': 'The file exports neither an app nor a captcha nor options (it exports: {names}).',
    'app.not_mounted': 'The captcha that the file exports is not in the app: nobody gets a challenge.',
    'app.without_plugin': 'The app was loaded, and no geetest() is mounted in it or exported as captcha.',
    'scenes.none': 'No plugin is of the scene that was asked for (there are: {scenes}); the first one was looked at.',
    'scenes.same':
      'Several plugins in the app have the scene "{scene}": what is solved for one can open the others, and the first one was looked at.',
    'scenes.others': 'Looked at: the scene "{scene}". The app has other plugins, which are not looked at: {others}.',
    'options.ok': 'The options are accepted (scene "{scene}").',
    'options.value': 'geetest: option {option} is {what}; write {write}.',
    'options.entry': 'geetest: option {option} is wrong in entry {entry}, {what}; write {write}.',
    'options.other': 'geetest: there is no option "{option}"; did you mean {near}?',
    'options.unknown': 'geetest: there is no option "{option}"; the options are {names}.',
    'options.refused': '{message}.',
    'options.nothing':
      'There is nothing to look at: no file, no --url, and no GEETEST_ID and GEETEST_KEY, or GEETEST4_ID and GEETEST4_KEY.',
    'options.both': 'GEETEST_ID and GEETEST4_ID are both set: what follows is about version 3 alone.',
    'published_id.bad': '{message}.',
    'guard.ok': 'Guarded: {routes}.',
    'guard.misplaced': 'The captcha itself stands where a guard belongs, and asks nobody anything: {routes}.',
    'guard.behind':
      'The guard is the last handler of these routes: what stands before it answers without a captcha: {routes}.',
    'guard.none': 'No route with captcha.validate() was found: every form may be open to bots.',
    'upstream.ok': 'The cloud is {apiServer}.',
    'upstream.here': 'The cloud is a simulator on this machine, {apiServer}.',
    'upstream.simulator': 'In production the cloud is {apiServer}, on this machine: a simulator lets everyone in.',
    'upstream.plain': 'The cloud is asked over plain http, {apiServer}: whoever is on the wire can forge its verdict.',
    'downtime.ok': 'In an outage visitors are asked for "{name}", within budgets.',
    'downtime.deny': 'In an outage nobody passes (downtime "deny").',
    'downtime.allow': 'In an outage everybody passes, bots too (downtime "allow").',
    'downtime.failback': 'In an outage anyone can compute the answer (downtime "failback").',
    'downtime.unlimited': 'In an outage nothing limits how often one address may try (budgets: false).',
    'trust_proxy.ok': "'trust proxy' is {setting}.",
    'trust_proxy.all': "'trust proxy' trusts everybody: every visitor can choose the address that budgets count.",
    'trust_proxy.secure_cookie':
      "The session cookie is for https alone and 'trust proxy' is not set: behind a proxy that ends TLS nobody gets a session.",
    'trust_proxy.behind':
      "The site answers through a proxy (header {mark}), and 'trust proxy' is not set: all visitors share one address.",
    'trust_proxy.none':
      "'trust proxy' is not set: if a proxy or balancer stands in front, all visitors share its address and its budget.",
    'address.ok': 'Behind the socket {path} visitors have the addresses that the proxy tells.',
    'address.none':
      "The site listens on the socket {path}, and 'trust proxy' trusts nobody there: no visitor has an address, and limits cannot tell them apart.",
    'session.ok': 'The visitor gets a session and keeps it.',
    'session.missing': 'There is no session where the plugin runs: express-session must come before it.',
    'session.cookie_session':
      'req.session is that of cookie-session, which has no id, and whose content can be sent again: express-session must stand in its place.',
    'session.without_id': 'req.session has no id (req.sessionID): it is not that of express-session.',
    'session.no_cookie':
      'GET /getcaptcha sets no cookie: the visitor has no session, and every answer will be session_mismatch.',
    'session.lost': 'The second request began a new session, although it brought the cookie of the first.',
    'session_store.ok': 'Sessions are stored where this stage allows it.',
    'session_store.memory':
      "Sessions live in express-session's MemoryStore: it leaks, and no other process knows them.",
    'session_secret.ok': 'The session secret is none of the well-known ones.',
    'session_secret.known': 'The session secret is a word from examples: anyone can sign a session of their choice.',
    'session_secret.short': 'SESSION_SECRET has fewer than {least} characters, few enough to be guessed.',
    'session_cookie.ok': 'The cookie "{name}" has all its flags.',
    'session_cookie.flags': 'The cookie "{name}" lacks {flags}.',
    'session_cookie.none': 'The cookie "{name}" has SameSite=None without Secure: browsers throw it away.',
    'session_start.ok': 'A session begins only where something is noted in it.',
    'session_start.always':
      'A session begins even for GET /{file}: every robot and every health check fills the session store.',
    'store.shared': 'Tickets are kept in a store that processes can share.',
    'store.development': 'Tickets are kept in this process, which is right for development.',
    'store.memory':
      'Tickets are kept in this process alone: with a second process, or after a restart, visitors solve again.',
    'store_take.ok': 'The store hands out a record once.',
    'store_take.twice': 'Two takers got the same record from the store: one answer can pass twice.',
    'store_take.never': 'The store did not give back what was put into it: nobody can pass.',
    'store_take.failed': 'The store fails: {reason}.',
    'store_claim.ok': 'The store lets a lot number of version 4 be claimed once.',
    'store_claim.twice': 'Two claimed the same lot number in the store: one answer of version 4 can pass twice.',
    'store_claim.never': 'The store holds a lot number for spent that nobody has claimed: nobody can pass.',
    'store_claim.failed': 'The store fails at claiming: {reason}.',
    'redis.ok': 'Redis {version} answers.',
    'redis.old': 'Redis is {version}; from 4 on it will do.',
    'redis.no_client': 'REDIS_URL is set, and neither "redis" nor "ioredis" is installed here.',
    'redis.failed': 'Redis cannot be used: {reason}.',
    'redis_eviction.ok': 'Redis keeps challenges until they expire ({policy}).',
    'redis_eviction.evicts': 'A full Redis throws away challenges that visitors are solving ({policy}).',
    'redis_eviction.would':
      'Redis has no maxmemory; once it has, {policy} would throw away challenges that visitors are solving.',
    'site_https.ok': 'The site is reached by https.',
    'site_https.plain': 'The site was reached by plain http: sessions can be read on the way.',
    'getcaptcha.ok': 'GET /getcaptcha gave an online challenge within {ms} ms.',
    'getcaptcha.online': 'GET /getcaptcha said within {ms} ms that the page can begin online.',
    'getcaptcha.failed': 'GET {base}/getcaptcha fails: {reason}.',
    'getcaptcha.not_found': 'GET {base}/getcaptcha is 404.',
    'getcaptcha.status': 'GET {base}/getcaptcha answers {status}: {said}.',
    'getcaptcha.shape': 'GET {base}/getcaptcha answers something else than a challenge.',
    'getcaptcha.downtime':
      'GET /getcaptcha answers success 0: the site is in downtime mode (cause: {cause}); see what is said of the cloud.',
    'cached.ok': 'Challenges are not cached.',
    'cached.same': 'Two requests got the same challenge: something in front of the site caches GET /getcaptcha.',
    'cached.silent': 'The answer of GET /getcaptcha may be cached: it has no Cache-Control.',
    'cached.allowed': 'The answer of GET /getcaptcha may be cached (Cache-Control: {control}).',
    'loader.ok': 'Served: {files}.',
    'loader.failed': '{file} cannot be loaded: {reason}.',
    'loader.other': 'GET /{file} is answered by something else (status {status}).',
    'loader.untyped': '{file} is served without a Content-Type: browsers will not run it.',
    'loader.type': '{file} is served as {type}: browsers will not run it.',
    'loader.sniffed':
      '{file} is served without X-Content-Type-Options: nosniff; something in front takes headers away.',
    'csp.ok': 'The Content-Security-Policy of {page} lets the captcha in.',
    'csp.blocks': 'The Content-Security-Policy of {page} blocks the captcha: {directives}.',
    'trusted_types.ok': 'Trusted Types of {page} know the policy of the form helper.',
    'trusted_types.unnamed':
      'Trusted Types of {page} do not allow the policy "express-geetest": the form helper cannot load the captcha.',
    'referrer_policy.ok': 'The Referrer-Policy of {page} is {policy}.',
    'referrer_policy.https': 'The Referrer-Policy of {page} is no-referrer, which is right on https.',
    'referrer_policy.none':
      'The Referrer-Policy of {page} is no-referrer: on plain http browsers do not say which page a form is from, and no pass counts (origin_unknown).',
    'cloud_dns.ok': '{host} is {address}.',
    'cloud_dns.failed': '{host} has no address: {reason}.',
    'cloud_connect.ok': '{host} accepts connections.',
    'cloud_connect.failed': '{host} cannot be reached: {reason}.',
    'cloud_tls.ok': '{protocol}; the certificate is good until {date}.',
    'cloud_tls.off': 'NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is checked, and anyone can forge the verdict.',
    'cloud_tls.failed': 'TLS with {host} fails: {reason}.',
    'cloud_tls.expired': 'The certificate of {host} ended on {date}.',
    'cloud_tls.refused': 'The certificate of {host} is not accepted: {reason}.',
    'cloud_tls.soon': 'The certificate of {host} ends on {date}, in {days} days.',
    'cloud_register.ok': 'The cloud knows this captcha id.',
    'cloud_register.failed': '{host} does not answer: {reason}.',
    'cloud_register.status': '{host} answers {status}.',
    'cloud_register.id_refused': 'The cloud does not know this captcha id.',
    'cloud_register.garbage': '{host} answers something that is no challenge: is it a captcha cloud?',
    'cloud_register.of_version_4':
      'This captcha id is of version 4: the cloud of version 3 does not know it, and that of version 4 does.',
    'cloud_validate.ok': 'The cloud of version 4 knows this captcha id.',
    'cloud_validate.failed': '{host} does not answer: {reason}.',
    'cloud_validate.status': '{host} answers {status}.',
    'cloud_validate.garbage': '{host} answers something that is no verdict of version 4: is it a captcha cloud?',
    'cloud_validate.error': '{host} answers that it cannot judge (its error {code}).',
    'cloud_validate.accepted': '{host} accepts an answer that nobody gave: everyone can pass.',
    'cloud_validate.unknown': 'The cloud of version 4 does not know this captcha id ({code}).',
    'cloud_validate.deleted': 'This captcha id was deleted at the vendor ({code}).',
    'cloud_validate.paused': 'This captcha id is paused at the vendor ({code}).',
    'cloud_validate.of_version_3':
      'This captcha id is of version 3: the cloud of version 4 does not know it ({code}), and that of version 3 does.',
    'cloud_key.ok': 'The cloud recognises the challenge: id and key belong together.',
    'cloud_key.wrong':
      'The cloud does not recognise the challenge: the private key is not that of this id, or the digest is another.',
    'cloud_key.signed': "The cloud accepts the plugin's signature: id and key belong together.",
    'cloud_key.refused': "The cloud refuses the plugin's signature: the private key is not that of this id.",
    'cloud_latency.ok': 'The cloud answers in {ms} ms, of {timeout} ms allowed.',
    'cloud_latency.near': 'The cloud takes {ms} ms of the {timeout} ms allowed: now and then it will count as down.',
    'cloud_latency.over': 'The cloud takes {ms} ms, and {timeout} ms are allowed: it will count as down.',
    'clock.ok': "This machine's clock agrees with the cloud's.",
    'clock.ahead': "This machine's clock is {seconds} seconds ahead of the cloud's.",
    'clock.behind': "This machine's clock is {seconds} seconds behind the cloud's.",
  },
} as const
