import { expect } from "chai";
import express, { Router } from "express";

import { listen, type Listening } from "../../../gateway/http/listen.ts";
import { recorderRouter } from "../../../gateway/http/recorder.ts";

const APP = { script: "/assets/app-1.js", styles: ["/assets/app-2.css"] };

describe("the way into the recorders' app", () => {
  const servers: Listening[] = [];
  after(() => Promise.all(servers.map((server) => server.close())));

  async function open(assets: Parameters<typeof recorderRouter>[0]): Promise<string> {
    const server = await listen(express().use(recorderRouter(assets)), {
      host: "127.0.0.1",
      port: 0,
    });
    servers.push(server);
    return `http://127.0.0.1:${server.port}`;
  }

  it("gives each person the page that starts the app, without a line of script in it", async () => {
    const url = await open({ app: APP, router: Router() });
    for (const person of [
      "farmer",
      "processor",
      "certifier",
      "exporter",
      "province",
      "cooperative",
    ]) {
      const response = await fetch(`${url}/app/${person}`);
      const page = await response.text();
      expect(response.status).to.equal(200);
      expect(page).to.contain(`<script type="module" src="${APP.script}"></script>`);
      expect(page).to.contain(`href="${APP.styles[0]}"`);
      expect(page.match(/<script/g)).to.have.length(1);
    }
  });

  it("knows nobody else", async () => {
    const url = await open({ app: APP, router: Router() });
    for (const path of ["/app/admin", "/app/", "/app/farmer/x"])
      expect((await fetch(url + path)).status).to.equal(404);
  });

  it("has a worker that keeps exactly what the app is built of, and is asked for anew each time", async () => {
    const url = await open({ app: APP, router: Router() });
    const response = await fetch(`${url}/app/worker.js`);
    expect(response.headers.get("content-type")).to.contain("javascript");
    expect(response.headers.get("cache-control")).to.equal("no-cache");
    expect(await response.text()).to.contain(JSON.stringify([APP.script, ...APP.styles]));
  });

  it("says that the app is not built, rather than showing an empty page", async () => {
    const url = await open({ router: Router() });
    const response = await fetch(`${url}/app/farmer`);
    expect(response.status).to.equal(503);
    expect(await response.text()).to.contain("npm run build");
  });
});
