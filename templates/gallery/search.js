"use strict";
// Without this script the box stays hidden, and all questions are shown.
const search = document.getElementById("search");
const box = search.querySelector("input");
const status = search.querySelector("[role=status]");
const questions = [...document.querySelectorAll(".questions > li")];
const texts = questions.map((question) => question.textContent.toLowerCase());

function show() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  questions.forEach((question, place) => {
    question.hidden = !words.every((word) => texts[place].includes(word));
    found += !question.hidden;
  });
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("li:not([hidden])");
  }
  status.textContent = words.length ? `${found} of ${questions.length} questions` : "";
}

search.hidden = false;
box.addEventListener("input", show);
show();
