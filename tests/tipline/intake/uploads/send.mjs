// Sends a file by tus-js-client as any program would: node send.mjs LIBRARY URL CODE FILE CHUNK_BYTES
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [library, url, code, path, chunk] = process.argv.slice(2);
const tus = createRequire(import.meta.url)(library);

// The browser's build speaks through XMLHttpRequest; node has fetch.
class Wire {
  createRequest(method, address) {
    const headers = {};
    return {
      getMethod: () => method,
      getURL: () => address,
      setHeader: (name, value) => { headers[name] = value; },
      getHeader: (name) => headers[name],
      setProgressHandler: () => {},
      getUnderlyingObject: () => null,
      abort: async () => {},
      send: async (body) => {
        const answer = await fetch(address, { method, headers, body: body ?? undefined });
        const text = await answer.text();
        return {
          getStatus: () => answer.status,
          getHeader: (name) => answer.headers.get(name) ?? undefined,
          getBody: () => text,
          getUnderlyingObject: () => answer,
        };
      },
    };
  }
  getName() { return "fetch"; }
}

const upload = new tus.Upload(new Blob([readFileSync(path)]), {
  endpoint: url,
  headers: { "Tipline-Receipt": code },
  metadata: { filename: "行车记录.mp4", filetype: "" },
  chunkSize: Number(chunk),
  retryDelays: [100, 300, 1000],
  httpStack: new Wire(),
  storeFingerprintForResuming: false,
  onError: (problem) => { console.error(problem.message); process.exit(1); },
  onSuccess: () => console.log(upload.url),
});
upload.start();
