// Stores what is typed in a form as a draft, some seconds after it changed; the form has a button that does it without.
"use strict";
const draftForm = document.querySelector("form[data-draft]");
const draftLine = document.querySelector("[data-draft-line]");
const DRAFT_EVERY = 10_000;
let draftStored = "";
let draftSending = null;
let draftStopped = !draftForm;

// What the form holds as it would be sent; of its fields those that only say how it was drawn do not count as typed.
const draftFields = () => new URLSearchParams(new FormData(draftForm));
const draftTyped = () => {
  const fields = draftFields();
  for (const name of ["csrfmiddlewaretoken", "drawn", "operation", "version"]) fields.delete(name);
  return fields.toString();
};

// Stores the draft where something changed since; answers once the server has it, or could not be asked.
const storeDraft = async () => {
  if (draftStopped || draftSending || draftTyped() === draftStored) return draftSending;
  const typed = draftTyped();
  const fields = draftFields();
  fields.set("do", "draft_quietly");
  const request = { method: "POST", body: fields, redirect: "manual", keepalive: fields.toString().length < 60_000 };
  draftSending = fetch(location.href, request).then(async (answer) => {
    document.dispatchEvent(new CustomEvent("asked", { detail: answer.headers.get("Idle-Left") }));
    if (!answer.ok) throw new Error(String(answer.status));
    draftStored = typed;
    draftLine.textContent = (await answer.json()).line;
  }).catch(() => { draftLine.textContent = draftLine.dataset.draftLine; }).finally(() => { draftSending = null; });
  return draftSending;
};

if (draftForm) {
  // A form that came back refused holds words that no draft holds yet.
  draftStored = document.querySelector(".govuk-error-summary") ? "" : draftTyped();
  // What is being sent is no draft any more; where sending it came to nothing, it is one again.
  document.addEventListener("submit", ({ target }) => {
    if (target.id === "lock") return;
    draftStopped = true;
    setTimeout(() => { draftStopped = false; }, 3 * DRAFT_EVERY);
  });
  setInterval(storeDraft, DRAFT_EVERY);
}
