// Sends files one after another in pieces (tus), so that a dropped connection costs seconds and never the tip.
// tus-js-client is fetched when the first file is sent, not with the page.
const MIB = 1024 * 1024;
const SMALLEST_CHUNK = MIB;
const LARGEST_CHUNK = 5 * MIB;
const QUICK_MS = 4000; // a chunk that took less may be followed by a larger one
const STALLED_MS = 30000;
const RETRY_MS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 30000, 30000];
const CHANGED_ON_THE_WAY = 460;

let library = null;

function loadLibrary(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.tus);
    script.onerror = () => {
      library = null;
      reject(new Error("the library did not come"));
    };
    document.head.append(script);
  });
  return library;
}

// Sends `files` by the form of the own tip; `onArrived` is called after each. Resolves when all are sent or skipped.
export async function sendFiles(form, files, onArrived) {
  const box = form.querySelector("[data-uploads]");
  box.hidden = false;
  form.removeAttribute("aria-busy"); // what can be skipped must not look asleep
  form.querySelector("button:not([type])").disabled = true;
  const rows = files.map((file) => addRow(box, file));
  try {
    const tus = await loadLibrary(box.dataset.library);
    const pass = await takePass(box.dataset.pass);
    for (const row of rows) {
      const refused = await sendOne(tus, pass, row, box.dataset);
      if (refused) tellRefused(form, row.file, refused);
      else if (!row.isSkipped) await onArrived();
    }
  } catch {
    for (const row of rows) if (!row.isOver) end(row, box.dataset.failed);
  } finally {
    delete form.dataset.sent;
    form.querySelector("button:not([type])").disabled = false;
    for (const input of form.querySelectorAll('input[type="file"]')) input.value = "";
    form.dispatchEvent(new Event("change"));
  }
}

async function takePass(address) {
  const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the pass was refused: ${answer.status}`);
  return (await answer.json()).upload_pass;
}

function addRow(box, file) {
  const line = document.createElement("li");
  const name = document.createElement("bdi");
  name.className = "file-name";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `${box.dataset.label} ${file.name}`);
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.textContent = box.dataset.waiting;
  const skip = document.createElement("button");
  skip.type = "button";
  skip.className = "second";
  skip.textContent = box.dataset.skip;
  line.append(name, bar, status, skip);
  box.querySelector("ul").append(line);
  const row = { file, bar, status, skip, isSkipped: false, isOver: false, stop: null };
  skip.addEventListener("click", () => {
    row.isSkipped = true;
    if (row.stop) row.stop();
    else end(row, box.dataset.skipped);
  });
  return row;
}

function end(row, text) {
  row.isOver = true;
  row.status.textContent = text;
  row.skip.remove();
}

// Resolves to the reason why the file was not taken, or to "" when it was, or was skipped.
function sendOne(tus, pass, row, words) {
  if (row.isSkipped) return Promise.resolve("");
  return new Promise((resolve) => {
    let heardAt = Date.now();
    let chunkAt = Date.now();
    const over = (text, reason) => {
      window.clearInterval(watch);
      end(row, text);
      resolve(reason);
    };
    const upload = new tus.Upload(row.file, {
      endpoint: words.endpoint,
      headers: { "Tipline-Upload-Pass": pass, "Accept-Language": document.documentElement.lang },
      metadata: { filename: row.file.name, filetype: row.file.type },
      chunkSize: SMALLEST_CHUNK,
      retryDelays: RETRY_MS,
      storeFingerprintForResuming: false, // leaves no trace on the device
      httpStack: checked(new tus.DefaultHttpStack({})),
      onShouldRetry: (problem) => {
        const status = problem.originalResponse ? problem.originalResponse.getStatus() : 0;
        row.status.textContent = words.again;
        return status < 400 || status >= 500 || [408, 409, 423, 429, CHANGED_ON_THE_WAY].includes(status);
      },
      onProgress: (sent, total) => {
        heardAt = Date.now();
        const percent = Math.floor((100 * sent) / total);
        row.bar.value = percent;
        row.status.textContent = percent < 100 ? `${words.sending}${percent} %` : words.storing;
      },
      onChunkComplete: () => {
        const spent = Date.now() - chunkAt;
        const factor = spent < QUICK_MS ? 2 : 0.5;
        upload.options.chunkSize = Math.min(LARGEST_CHUNK, Math.max(SMALLEST_CHUNK, upload.options.chunkSize * factor));
        heardAt = chunkAt = Date.now();
      },
      onSuccess: () => over(words.done, ""),
      onError: (problem) => {
        const answer = problem.originalResponse;
        const isRefusal = answer && answer.getStatus() >= 400 && answer.getStatus() < 500;
        over(words.failed, (isRefusal && reasonIn(answer.getBody())) || words.failed);
      },
    });
    // A link that died without a word: let go of it and ask the server how much it has.
    const watch = window.setInterval(async () => {
      if (Date.now() - heardAt < STALLED_MS) return;
      heardAt = Date.now();
      row.status.textContent = words.again;
      await upload.abort();
      upload.start();
    }, 2000);
    row.stop = async () => {
      try {
        await upload.abort(true);
      } catch {
        // The server gives it up by itself after two days.
      }
      over(words.skipped, "");
    };
    upload.start();
  });
}

function reasonIn(body) {
  try {
    return JSON.parse(body).detail;
  } catch {
    return "";
  }
}

// Adds the SHA-256 of each chunk where the browser can compute it; over plain HTTP it cannot, and all works without.
function checked(stack) {
  return {
    getName: () => "checked",
    createRequest: (method, address) => {
      const request = stack.createRequest(method, address);
      const send = request.send.bind(request);
      request.send = async (body) => {
        if (method === "PATCH" && body && window.crypto && window.crypto.subtle) {
          const digest = await window.crypto.subtle.digest("SHA-256", await body.arrayBuffer());
          const coded = window.btoa(String.fromCharCode(...new Uint8Array(digest)));
          request.setHeader("Upload-Checksum", `sha256 ${coded}`);
        }
        return send(body);
      };
      return request;
    },
  };
}

function tellRefused(form, file, reason) {
  const box = form.querySelector("[data-uploads]");
  let warning = box.querySelector(".warning");
  if (!warning) {
    warning = document.createElement("div");
    warning.className = "warning";
    warning.setAttribute("role", "alert");
    const heading = document.createElement("strong");
    heading.textContent = box.dataset.refused;
    warning.append(document.createElement("p"), document.createElement("ul"));
    warning.querySelector("p").append(heading);
    box.prepend(warning);
  }
  const name = document.createElement("bdi");
  name.className = "file-name";
  name.textContent = file.name;
  const line = document.createElement("li");
  line.append(name, `: ${reason}`);
  warning.querySelector("ul").append(line);
}
