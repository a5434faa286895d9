const { geetest } = require('express-geetest')
module.exports = { captcha: geetest({"captchaId":"bea33f93a8ade76e8d9469572c530e11","privateKey":"5268c6713a33d815fea8e067fa620247","apiServer":"http://127.0.0.1:39353"}) }
setInterval(() => {}, 1000)
