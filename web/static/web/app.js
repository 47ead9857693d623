// Improves what works without it: moves to the list of complaints after a refused form.
"use strict";
const complaints = document.querySelector(".govuk-error-summary");
if (complaints) complaints.focus();
