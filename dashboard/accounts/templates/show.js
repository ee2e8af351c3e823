// Lets a password be seen while it is typed; without this script the button stays hidden.
for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  const shows = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const seen = field.type === "password";
    field.type = seen ? "text" : "password";
    button.textContent = seen ? button.dataset.hide : shows;
    button.setAttribute("aria-pressed", String(seen));
    field.focus();
  });
}
