// Ticking many lines of a list at once; the list works without it, one tick at a time.
for (const bar of document.querySelectorAll("[data-picks]")) {
  const form = bar.closest("form");
  const boxes = [...form.querySelectorAll("input[type=checkbox][name=c]")];
  const count = bar.querySelector("output");

  const say = () => {
    count.textContent = bar.dataset.count.replace("{count}", String(boxes.filter((box) => box.checked).length));
  };
  const pick = (wanted) => {
    for (const box of boxes) box.checked = wanted(box);
    say();
  };

  bar.querySelector("[data-pick-all]").addEventListener("click", () => pick(() => true));
  bar.querySelector("[data-pick-differing]").addEventListener("click", () => pick((box) => "differs" in box.dataset));
  bar.querySelector("[data-pick-none]").addEventListener("click", () => pick(() => false));
  form.addEventListener("change", say);
  bar.hidden = boxes.length === 0;
  say();
}
