import type { Mail } from "../host.ts"

const style =
  "body{font:16px/1.5 system-ui;margin:2rem auto;max-width:48rem;padding:0 1rem}article{border-top:1px solid #ccc;padding:1rem 0}pre{white-space:pre-wrap;font:inherit}small{color:#555}iframe{width:100%;height:20rem;border:1px solid #ccc}"

/** All mails on one page, as given (newest first); HTML bodies run in a sandboxed frame. */
export function mailPage(mails: readonly Mail[]): string {
  const articles = mails.map(
    ({ from, to, subject, at, text, html }) =>
      `<article><h2>${escapeHtml(subject)}</h2><small>${escapeHtml(from)} → ${escapeHtml(to.join(", "))} · ${escapeHtml(at)}</small><pre>${linked(escapeHtml(text))}</pre>${
        html === undefined ? "" : `<iframe sandbox title="HTML part" srcdoc="${escapeHtml(html)}"></iframe>`
      }</article>`,
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mail</title><style>${style}</style><h1>Mail</h1>${articles.join("") || "<p>No mail yet."}`
}

function linked(text: string): string {
  return text.replace(/https?:\/\/[^\s&<]+/g, url => `<a href="${url}">${url}</a>`)
}

function escapeHtml(text: string): string {
  return text.replace(/[<>&"']/g, char => `&#${char.charCodeAt(0)};`)
}
