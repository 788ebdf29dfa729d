// Reads mails (files named on the command line) with mailparser and prints what they say as a JSON list.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { simpleParser } = require("mailparser");

const RAW = ["list-id", "list-unsubscribe", "list-unsubscribe-post", "message-id"];

function line(mail, name) {
  const found = mail.headerLines.filter((one) => one.key === name);
  return found.length ? found[0].line.replace(/^[^:]*:\s*/, "") : null;
}

function person(field) {
  return [field.value[0].name, field.value[0].address];
}

async function told(path) {
  const mail = await simpleParser(readFileSync(path), { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true, skipTextLinks: true });
  return {
    subject: mail.subject,
    from: person(mail.from),
    to: person(mail.to),
    text: mail.text,
    html: mail.html || null,
    attachments: mail.attachments.map((one) => [one.filename, createHash("sha256").update(one.content).digest("hex")]),
    names: mail.headerLines.map((one) => one.key),
    ...Object.fromEntries(RAW.map((name) => [name, line(mail, name)])),
  };
}

async function main(paths) {
  const found = [];
  for (const path of paths) found.push(await told(path));
  process.stdout.write(JSON.stringify(found));
}

main(process.argv.slice(2));
