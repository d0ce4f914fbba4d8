// Passkeys: asks the server for the options, the browser for the key, and sends the answer as an ordinary form.
const knows =
  window.isSecureContext &&
  window.PublicKeyCredential &&
  PublicKeyCredential.parseCreationOptionsFromJSON &&
  PublicKeyCredential.parseRequestOptionsFromJSON;

async function answerOf(form) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const asked = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRF-Token": token, Accept: "application/json" },
  });
  if (!asked.ok) throw new Error(`options: ${asked.status}`);
  const options = await asked.json();
  const key =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify(key.toJSON());
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!knows) continue;
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-failed]");
  button.hidden = false;
  form.querySelector("[data-unavailable]").hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = await answerOf(form);
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
