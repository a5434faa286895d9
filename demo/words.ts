// What the demo says to people whose browser posted a form, in both languages.
import type { ErrorCode } from 'express-geetest'

export type Outcome = 'success' | 'wrong_password' | ErrorCode
export type Language = 'zh' | 'en'

/** What a visitor can be told; several codes read the same to them. */
type Message =
  | 'success'
  | 'wrong_password'
  | 'unsolved'
  | 'malformed'
  | 'expired'
  | 'used'
  | 'elsewhere'
  | 'refused'
  | 'closed'
  | 'unavailable'
  | 'broken'

const MESSAGES: Record<Outcome, Message> = {
  success: 'success',
  wrong_password: 'wrong_password',
  missing: 'unsolved',
  origin_unknown: 'unsolved',
  malformed: 'malformed',
  expired: 'expired',
  unknown_challenge: 'expired',
  replayed: 'used',
  session_mismatch: 'elsewhere',
  scene_mismatch: 'elsewhere',
  bad_signature: 'refused',
  rejected: 'refused',
  downtime_unsolved: 'refused',
  downtime_denied: 'closed',
  unavailable: 'unavailable',
  store_error: 'unavailable',
  invalid_option: 'broken',
  session_missing: 'broken',
  guard_not_called: 'broken',
  asset_missing: 'broken',
  trust_proxy: 'broken',
}

interface Words {
  readonly title: string
  readonly text: string
  readonly back: string
}

const words = (title: string, text: string, back: string): Words => ({ title, text, back })

const CHINESE: Record<Message, Words> = {
  success: words('登录成功', '欢迎回来，demo。', '返回登录页'),
  wrong_password: words('登录失败', '用户名或密码不对。', '返回重试'),
  unsolved: words('请先完成验证', '提交时还没有完成验证，所以没有登录。', '返回完成验证'),
  malformed: words('请求有误', '收到的验证数据不完整，请重新验证。', '返回重试'),
  expired: words('验证已过期', '这次验证已经失效，请重新验证。', '返回重试'),
  used: words('验证已使用', '每次验证只能用一次，请重新验证。', '返回重试'),
  elsewhere: words(
    '页面已过时',
    '打开这个页面之后，您在别处登录过，或者页面已换成别的表单。请重新打开登录页并验证。',
    '重新打开登录页',
  ),
  refused: words('验证未通过', '验证服务没有接受这次答案，请重新验证。', '返回重试'),
  closed: words('登录暂时关闭', '验证服务暂停，恢复之前无法登录，请稍后再来。', '返回登录页'),
  unavailable: words('暂时无法验证', '验证服务没有回应。刷新本页可用同一答案再试，或返回重新验证。', '返回登录页'),
  broken: words('网站配置有误', '这不是您的问题，请联系网站管理员。', '返回登录页'),
}

const ENGLISH: Record<Message, Words> = {
  success: words('You are logged in', 'Welcome back, demo.', 'Back to the login page'),
  wrong_password: words('Not logged in', 'The user name or the password is wrong.', 'Go back and try again'),
  unsolved: words(
    'Please complete the captcha first',
    'The form came without a solved captcha.',
    'Go back and solve it',
  ),
  malformed: words('Something is missing', 'What came of the captcha was not complete.', 'Go back and try again'),
  expired: words('The captcha was too old', 'A captcha is good for ten minutes.', 'Go back and try again'),
  used: words('The captcha was used already', 'A captcha is good for one attempt.', 'Go back and try again'),
  elsewhere: words(
    'This page is out of date',
    'You have logged in elsewhere since it was opened, in another tab perhaps. Please open the login page again.',
    'Open the login page again',
  ),
  refused: words('The captcha was refused', 'The answer was not accepted.', 'Go back and try again'),
  closed: words(
    'Logging in is closed for now',
    'The captcha service is down. Please come later.',
    'Back to the login page',
  ),
  unavailable: words(
    'The captcha cannot be checked now',
    'The captcha service does not answer. Reload this page to send the same answer again, or go back and solve a new one.',
    'Back to the login page',
  ),
  broken: words(
    'This site is set up wrongly',
    'It is not your fault. Please tell whoever runs it.',
    'Back to the login page',
  ),
}

/** The language that the page was read in, if it says so, else what the browser prefers. */
export const languageOf = (asked: unknown, preferred: string | false): Language =>
  asked === 'zh' || asked === 'en' ? asked : preferred === 'zh' ? 'zh' : 'en'

/**
 * A small page in words. Nothing in it comes from the visitor, so nothing needs escaping.
 * @param from the way back; what was posted is not posted again by a reload, which leads there too, unless that is what helps
 */
export function resultPage(outcome: Outcome, lang: Language, from: '/' | '/classic.html' | '/v4.html'): string {
  const places: Partial<Record<Outcome, string>> = { success: '/welcome', unavailable: '', store_error: '' }
  const place = places[outcome] ?? from
  const { title, text, back } = (lang === 'zh' ? CHINESE : ENGLISH)[MESSAGES[outcome]]
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <main class="card answer" data-outcome="${outcome}" data-place="${place && `${place}?lang=${lang}`}">
      <span class="sign" aria-hidden="true">${outcome === 'success' ? '✓' : '!'}</span>
      <h1>${title}</h1>
      <p>${text}</p>
      <a href="${from}?lang=${lang}">${back}</a>
    </main>
    <script src="/words.js"></script>
  </body>
</html>
`
}
