// Improves what works without it: moves to the list of complaints after a refused form.
"use strict";
const complaints = document.querySelector(".govuk-error-summary");
if (complaints) complaints.focus();

// Counts what is typed in a story, in the language of the page; the server says the same when the form is sent.
const dutch = document.documentElement.lang === "nl";
for (const area of document.querySelectorAll("textarea[data-longest]")) {
  const longest = Number(area.dataset.longest);
  const counter = document.createElement("p");
  counter.className = "govuk-hint";
  const count = () => {
    const left = longest - area.value.trim().length;
    counter.hidden = left > longest / 2;
    counter.className = left < 0 ? "govuk-error-message" : "govuk-hint";
    const number = Math.abs(left).toLocaleString(document.documentElement.lang);
    if (left < 0) counter.textContent = dutch ? `${number} tekens te veel` : `${number} characters too many`;
    else counter.textContent = dutch ? `nog ${number} tekens` : `${number} characters left`;
  };
  area.insertAdjacentElement("afterend", counter);
  area.addEventListener("input", count);
  count();
}
