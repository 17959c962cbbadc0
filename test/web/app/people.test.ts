import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { keysOf } from "../../../scripts/season/cast.ts";
import { dayOf } from "../../../web/src/app/clock.ts";
import { openGateway, type OpenGateway } from "../../gateway/open.ts";
import { brokenNames, brokenRules, overflow, smallTargets } from "../looks.ts";
import { handInCode, hasBrowser, openBrowser, openPhone, openRoute, stateOf } from "../phone.ts";

const CONFIRMED = "đã vào sổ chung";

const ROUTES = {
  farmer: ["#/", "#/harvest", "#/agent", "#/for", "#/outbox"],
  processor: ["#/", "#/take", "#/process", "#/intake", "#/note", "#/certify"],
  certifier: ["#/", "#/grant"],
  exporter: ["#/", "#/process"],
  cooperative: ["#/", "#/code", "#/device", "#/for", "#/take"],
  province: ["#/", "#/list?name=recalls", "#/people", "#/recall", "#/papers", "#/grant"],
} as const;

describe("each person's job in the browser", function () {
  this.timeout(180_000);
  let gateway: OpenGateway;
  let browser: Browser;
  const phones: Record<string, Page> = {};
  let harvested = ""; // the path of the farmer's lot

  before(async function () {
    if (!hasBrowser()) return this.skip();
    gateway = await openGateway();
    browser = await openBrowser();
    const page = await openPhone(browser, `${gateway.url}/app/province#code=${gateway.invitation}`);
    await page.getByRole("button", { name: "Ghi danh" }).click();
    await page.getByText("Lô hôm nay").waitFor();
    phones["province"] = page;
  });
  after(async () => {
    await browser?.close();
    await gateway?.end();
  });

  const phone = (person: string): Page => {
    const page = phones[person];
    if (page === undefined) throw new Error(`${person} has no phone`);
    return page;
  };

  /** Signs the form that is open, and waits until the chain has it. */
  async function sign(page: Page, button: string): Promise<void> {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("heading", { name: "Đã lưu trên máy" }).waitFor();
    await stateOf(page, CONFIRMED).waitFor();
  }

  /** `by` hands out a code, a new phone hands it in, both see the same fingerprint, `by` approves. */
  async function enrol(person: string, role: string, name: string, by: string): Promise<void> {
    const officer = phone(by);
    await openRoute(officer, "#/code");
    await officer.getByLabel(role, { exact: true }).check();
    await officer.getByLabel("Tên hiện cho mọi người").fill(name);
    await officer.getByRole("button", { name: "Tạo mã" }).click();
    const link = (await officer.locator(".link").textContent()) ?? "";
    const page = await openPhone(browser, link);
    const shown = await handInCode(page);
    await openRoute(officer, by === "province" ? "#/people" : "#/");
    await officer.getByText(shown).waitFor();
    await officer.getByRole("button", { name: "Đúng, duyệt" }).click();
    await page.locator(".tiles").waitFor();
    phones[person] = page;
  }

  async function grant(scheme: string, holder: string, number: string, kilograms: string) {
    const page = phone("certifier");
    await openRoute(page, "#/grant");
    await page.getByLabel(scheme).check();
    await page.getByLabel("Cấp cho ai?").selectOption({ label: holder });
    await page.getByLabel("Số", { exact: true }).fill(number);
    await page.getByLabel("Hạn mức (kg)").fill(kilograms);
    await sign(page, "Ký cấp");
  }

  /** Hands over the lot of this product, and the other takes it over after weighing. */
  async function handOver(lot: RegExp, from: string, to: string, name: string, kilograms: string) {
    const giver = phone(from);
    await openRoute(giver, "#/");
    await giver.locator("a.lot", { hasText: lot }).first().click();
    await giver.getByRole("link", { name: "Giao lô này" }).click();
    await giver.getByLabel("Giao cho ai?").selectOption({ label: name });
    await sign(giver, "Ký giao");
    const taker = phone(to);
    await taker.reload();
    await openRoute(taker, "#/take");
    await taker.locator("a.lot", { hasText: lot }).waitFor();
    expect(await brokenNames(taker)).to.deep.equal([]);
    await taker.locator("a.lot", { hasText: lot }).click();
    await taker.getByLabel("Cân được (kg)").fill(kilograms);
    await sign(taker, "Ký nhận");
  }

  it("province and cooperative: codes, fingerprints that are compared, approval", async () => {
    await enrol("cooperative", "Hợp tác xã", "Hợp tác xã mẫu", "province");
    await enrol("certifier", "Tổ chức chứng nhận", "Tổ chức mẫu", "province");
    await enrol("farmer", "Nông hộ", "Nông hộ mẫu", "cooperative");
    await enrol("processor", "Cơ sở chế biến", "Xưởng chế biến hạt điều mẫu", "cooperative");
    await enrol("exporter", "Nhà xuất khẩu", "Công ty xuất khẩu nông sản mẫu", "cooperative");
  });

  it("cooperative: reads why an approval was refused where it was given", async () => {
    await enrol("neighbour", "Hợp tác xã", "Hợp tác xã láng giềng", "province");
    const officer = phone("neighbour");
    await openRoute(officer, "#/code");
    await officer.getByLabel("Nông hộ", { exact: true }).check();
    await officer.getByLabel("Cho ai?").selectOption({ label: "Nông hộ mẫu" }); // another's farmer
    await officer.getByRole("button", { name: "Tạo mã" }).click();
    const page = await openPhone(browser, (await officer.locator(".link").textContent()) ?? "");
    const shown = await handInCode(page);
    await openRoute(officer, "#/");
    const card = officer.locator("li.card", { hasText: shown });
    await card.getByRole("button", { name: "Đúng, duyệt" }).click();
    await card.getByRole("alert").getByRole("link", { name: "Xem trong sổ" }).click();
    await officer.getByText("Cần xem lại").waitFor();
    await page.context().close();
  });

  it("who reads English finds the app in English, until another language is chosen", async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(`${gateway.url}/app/farmer`);
    await page.getByText("Farmer", { exact: true }).waitFor();
    await page.getByRole("button", { name: "VI: Tiếng Việt" }).click();
    await page.reload();
    await page.getByText("Nông hộ", { exact: true }).waitFor();
    await context.close();
  });

  it("who hands in a code on the wrong page is led to the right one, with the key", async () => {
    const officer = phone("cooperative");
    await openRoute(officer, "#/code");
    await officer.getByLabel("Cơ sở chế biến", { exact: true }).check();
    await officer.getByLabel("Tên hiện cho mọi người").fill("Xưởng điều thứ hai");
    await officer.getByRole("button", { name: "Tạo mã" }).click();
    const link = (await officer.locator(".link").textContent()) ?? "";
    const page = await openPhone(browser, link.replace("/processor", "/farmer"));
    const shown = await handInCode(page);
    await openRoute(officer, "#/");
    await officer.getByText(shown).waitFor();
    await officer.getByRole("button", { name: "Đúng, duyệt" }).click();
    await page.getByRole("button", { name: "Mở trang: Cơ sở chế biến" }).click();
    await page.locator(".tiles").waitFor();
    expect(new URL(page.url()).pathname).to.equal("/app/processor");
    await page.context().close();
  });

  it("certifier: issues rights with quotas, and sees what is left", async () => {
    await grant("Mã số vùng trồng", "Nông hộ mẫu", "VN-01", "1.000");
    await grant("Chỉ dẫn địa lý", "Xưởng chế biến hạt điều mẫu", "GI-01", "500");
    await openRoute(phone("certifier"), "#/");
    await phone("certifier").getByText("còn 1.000 kg").waitFor();
  });

  it("certifier: is told when a number was issued before", async () => {
    const page = phone("certifier");
    await openRoute(page, "#/grant");
    await page.getByLabel("Số", { exact: true }).fill("VN-01");
    await page.getByText("Bạn đã cấp số này một lần").waitFor();
    await page.getByLabel("Số", { exact: true }).fill("VN-011");
    await page.getByText("Bạn đã cấp số này một lần").waitFor({ state: "detached" });
    await openRoute(page, "#/");
  });

  it("certifier: is told of an area that does not exist", async () => {
    const page = phone("certifier");
    await openRoute(page, "#/grant");
    await page.getByLabel("Mã số vùng trồng").check();
    await page.getByLabel("Cấp cho ai?").selectOption({ label: "Nông hộ mẫu" });
    await page.getByLabel("Hạn mức (kg)").fill("100");
    for (const area of ["Bình Phước", "VN-999", "XX"]) {
      await page.getByLabel("Vùng (mã ISO)").fill(area);
      await page.getByRole("button", { name: "Ký cấp" }).click();
      await page.getByRole("alert").getByText("Không có vùng nào mang mã này").waitFor();
    }
    await openRoute(page, "#/"); // the form would keep what was typed
  });

  it("cooperative: lets a sensor in by a code, and says which place it watches", async () => {
    const page = phone("cooperative");
    await openRoute(page, "#/code");
    await page.getByLabel("Cảm biến", { exact: true }).check();
    await page.getByLabel("Máy nào?").fill("Nhiệt kế kho");
    await page.getByRole("button", { name: "Tạo mã" }).click();
    const code = await page.locator(".fingerprint").textContent();
    const { publicKey, keyId } = keysOf("a test's sensor");
    const asked = await fetch(`${gateway.url}/api/enrolments`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, publicKey }),
    });
    expect(asked.status).to.equal(202);
    await openRoute(page, "#/");
    await page.getByRole("link", { name: "Đúng, chọn nơi đặt" }).click();
    await page.getByLabel("Tên nơi đó").fill("Kho mẫu");
    await sign(page, "Ký");
    const known = await fetch(`${gateway.url}/api/keys/${keyId}`);
    expect(await known.json()).to.deep.include({ state: "enrolled", roles: ["device"] });
    const places = await fetch(`${gateway.url}/api/places`);
    expect(await places.text()).to.contain("Kho mẫu");
  });

  it("farmer: what is over the quota cannot be signed, and the form says why until it is corrected", async () => {
    const page = phone("farmer"); // one tap, one entry, one tap: crop and plot are chosen already
    await page.getByRole("link", { name: "Ghi lô thu hoạch" }).click();
    await page.getByLabel("Hạt điều thô").waitFor();
    expect(await page.getByLabel("Hồ tiêu đen").count(), "what the code is not for").to.equal(0);
    await page.getByLabel("Cân nặng (kg)").fill("1.250");
    await page.getByText("một nghìn hai trăm năm mươi ki-lô-gam").waitFor();
    await page.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByRole("alert").getByText("Nhiều hơn hạn mức còn lại").waitFor();
    expect(page.url()).to.contain("#/harvest");
    await page.getByLabel("Cân nặng (kg)").fill("1.000");
    await sign(page, "Lưu");
    const link = page.getByRole("link", { name: "Xem trang của lô" });
    harvested = ((await link.getAttribute("href")) ?? "").replace(/\?.*/, "");
    await openRoute(page, "#/");
    await page.locator("a.lot", { hasText: "1.000 kg" }).waitFor();
    await page.getByText("Còn 0 kg / 1.000 kg").waitFor();
  });

  it("agent: records for a farmer who allowed it, and the lot's page says so", async () => {
    await grant("Mã số vùng trồng", "Nông hộ mẫu", "VN-02", "500");
    const [farmer, agent] = [phone("farmer"), phone("cooperative")];
    await openRoute(agent, "#/for");
    await agent.getByText("Chưa ai cho bạn ghi hộ").waitFor();
    await openRoute(farmer, "#/agent");
    await farmer.getByLabel("Nhờ ai?").selectOption({ label: "Hợp tác xã mẫu" });
    await sign(farmer, "Ký");
    await agent.reload();
    await agent.locator("a.lot", { hasText: "Nông hộ mẫu" }).click();
    await agent.getByRole("link", { name: "Ghi lô thu hoạch" }).click();
    await agent.getByText("Bạn đang ghi hộ Nông hộ mẫu").waitFor();
    await agent.getByLabel("Vườn VN-02").check();
    await agent.getByLabel("Cân nặng (kg)").fill("40");
    await sign(agent, "Lưu");
    const link = agent.getByRole("link", { name: "Xem trang của lô" });
    const path = (await link.getAttribute("href")) ?? "";
    const page = await (await fetch(gateway.url + path)).text();
    expect(page).to.contain("Hợp tác xã mẫu ghi hộ và ký, theo phép của Nông hộ mẫu.");
    await openRoute(agent, "#/");
    await agent.getByText("Chưa có lô nào").waitFor(); // it is the farmer's lot
  });

  it("farmer: ends the permission, and the agent reads that it is over", async () => {
    const [farmer, agent] = [phone("farmer"), phone("cooperative")];
    await openRoute(farmer, "#/agent");
    await farmer.getByRole("button", { name: "Thôi, không nhờ nữa" }).click();
    await stateOf(farmer, CONFIRMED).waitFor();
    await openRoute(agent, "#/for");
    await agent.reload();
    await agent.getByText("Chưa ai cho bạn ghi hộ").waitFor();
  });

  it("farmer: records what was harvested yesterday as of yesterday, and nothing of a day to come or before the code", async () => {
    const [page, certifier] = [phone("farmer"), phone("certifier")];
    const daysAgo = (days: number): string => dayOf(Date.now() - days * 86_400_000);
    await openRoute(certifier, "#/grant");
    await certifier.getByLabel("Mã số vùng trồng").check();
    await certifier.getByLabel("Cấp cho ai?").selectOption({ label: "Nông hộ mẫu" });
    await certifier.getByLabel("Số", { exact: true }).fill("VN-03");
    await certifier.getByLabel("Hạn mức (kg)").fill("50");
    await certifier.getByLabel("Từ ngày").fill(daysAgo(10));
    await sign(certifier, "Ký cấp");
    await page.reload();
    await openRoute(page, "#/harvest");
    await page.getByLabel("Vườn VN-03").check();
    await page.getByLabel("Cân nặng (kg)").fill("5");
    await page.getByText("Hôm nay").click();
    for (const [days, words] of [
      [-1, "Ngày thu hoạch chưa tới"],
      [11, "chưa có mã số vùng trồng"],
    ] as const) {
      await page.getByLabel("Thu hoạch ngày nào?").fill(daysAgo(days));
      await page.getByRole("button", { name: "Lưu", exact: true }).click();
      await page.getByRole("alert").getByText(words).waitFor();
    }
    await page.getByLabel("Thu hoạch ngày nào?").fill(daysAgo(1));
    await sign(page, "Lưu");
    const link = page.getByRole("link", { name: "Xem trang của lô" });
    const lot = await (await fetch(gateway.url + (await link.getAttribute("href")))).text();
    expect(lot).to.contain(`<time datetime="${daysAgo(1)}T05:00:00.000Z">`);
    expect(lot).to.contain("ghi lên chuỗi khối");
  });

  it("farmer: closes a lot that was recorded by mistake, and its page says why", async () => {
    const page = phone("farmer");
    await openRoute(page, "#/harvest");
    await page.getByLabel(/Vườn VN-03/).check();
    await page.getByLabel("Cân nặng (kg)").fill("1,25");
    await sign(page, "Lưu");
    const link = page.getByRole("link", { name: "Xem trang của lô" });
    const path = ((await link.getAttribute("href")) ?? "").replace(/\?.*/, "");
    await openRoute(page, "#/");
    await page.locator("a.lot", { hasText: "1,25 kg" }).click();
    await page.getByRole("link", { name: "Đóng lô" }).click();
    await page.getByRole("button", { name: "Ký đóng lô" }).click();
    await page.getByRole("alert").getByText("Xin ghi lý do").waitFor();
    await page.getByLabel("Lý do").fill("ghi nhầm số cân");
    await sign(page, "Ký đóng lô");
    const shown = await (await fetch(gateway.url + path)).text();
    expect(shown).to.contain("Kết thúc lô").and.to.contain("ghi nhầm số cân");
  });

  it("farmer: is told that a full phone stored nothing, and saves once there is room", async () => {
    const page = phone("farmer");
    await openRoute(page, "#/harvest");
    await page.getByLabel("Vườn VN-03").check();
    await page.getByLabel("Cân nặng (kg)").fill("6");
    await page.evaluate(() => {
      const store = IDBObjectStore.prototype;
      const { put } = store;
      store.put = () => {
        store.put = put;
        throw new DOMException("no room", "QuotaExceededError");
      };
    });
    await page.getByRole("button", { name: "Lưu", exact: true }).click();
    await page.getByRole("alert").getByText("chưa lưu được").waitFor();
    await sign(page, "Lưu");
  });

  it("processor: weighs less and says why, and cannot take over what nobody recorded", async () => {
    const [farmer, page] = [phone("farmer"), phone("processor")];
    await openRoute(farmer, "#/");
    await farmer.locator("a.lot", { hasText: /40 kg/ }).click();
    await farmer.getByRole("link", { name: "Giao lô này" }).click();
    await farmer.getByLabel("Giao cho ai?").selectOption({ label: "Xưởng chế biến hạt điều mẫu" });
    await sign(farmer, "Ký giao");
    await page.reload();
    await openRoute(page, "#/take");
    await page.locator("a.lot", { hasText: /40 kg/ }).click();
    const weighed = page.getByLabel("Cân được (kg)");
    const take = page.getByRole("button", { name: "Ký nhận" });
    await weighed.fill("45");
    await take.click();
    await page.getByRole("alert").getByText("Phần dư chưa ai ghi").waitFor();
    await weighed.fill("37");
    await page.getByText("−3 kg (−7,5 %)").waitFor();
    await take.click();
    await page.getByRole("alert").getByText("Xin ghi lý do").waitFor();
    await page.getByLabel("Vì sao nhẹ hơn?").fill("hao ẩm khi phơi");
    await sign(page, "Ký nhận");
    const [lot = ""] =
      /[A-Z]\d{6}-[0-9A-Z]{5}/.exec(await page.locator("article").innerText()) ?? [];
    const shown = await (await fetch(`${gateway.url}${harvested.replace(/[^/]+$/, lot)}`)).text();
    expect(shown).to.contain("Bên nhận cân được 37 kg, lệch −3 kg (−7,5 %). hao ẩm khi phơi");
  });

  it("processor: takes over by both signatures, and sees the balance while typing", async () => {
    await handOver(/1\.000 kg/, "farmer", "processor", "Xưởng chế biến hạt điều mẫu", "1000");
    const page = phone("processor");
    await openRoute(page, "#/");
    await page.locator("a.lot", { hasText: "1.000 kg" }).click();
    await page.getByRole("link", { name: "Chế biến" }).click();
    await page.getByRole("button", { name: "+ Thêm sản phẩm" }).click();
    await page.getByLabel("Cân nặng (kg)").nth(0).fill("236");
    await page.getByLabel("Cân nặng (kg)").nth(1).fill("800");
    await page.getByText("ra nhiều hơn vào 36 kg").waitFor();
    await page.getByLabel("Cân nặng (kg)").nth(1).fill("700");
    const second = page.getByLabel("Sản phẩm", { exact: true }).nth(1);
    await second.selectOption("Cao su khối SVR 10");
    await page.getByRole("button", { name: "Ký và lưu" }).click();
    await page.getByRole("alert").getByText('không có gì làm ra "Cao su khối SVR 10"').waitFor();
    await second.selectOption("Vỏ hạt điều");
    await page
      .getByText("Vào 1.000 kg, ra 236 kg nhân hạt điều, 700 kg vỏ hạt điều, hao hụt 64 kg (6,4 %)")
      .waitFor();
    await sign(page, "Ký và lưu");
  });

  it("processor: certifies a lot by a right that the party holds, and tells imported goods apart", async () => {
    const page = phone("processor");
    await openRoute(page, "#/");
    await page.locator("a.lot", { hasText: "236 kg" }).click();
    await page.getByRole("link", { name: "Gắn chứng nhận" }).click();
    await sign(page, "Ký");
    await openRoute(page, "#/intake");
    await page.getByLabel("Xuất xứ khai báo").selectOption("KH");
    await page.getByLabel("Cân nặng (kg)").fill("2 tấn");
    await sign(page, "Ký nhập");
  });

  it("exporter: packs a consignment and finds its dossier and its one file", async () => {
    await handOver(/236 kg/, "processor", "exporter", "Công ty xuất khẩu nông sản mẫu", "236");
    const page = phone("exporter");
    await openRoute(page, "#/");
    await page.locator("a.lot", { hasText: "236 kg" }).click();
    await page.getByRole("link", { name: "Đóng hàng" }).click();
    await page.getByLabel("Cân nặng (kg)").fill("226,8");
    await sign(page, "Ký và lưu");
    await openRoute(page, "#/");
    const card = page.locator("li", { hasText: "226,8 kg" });
    const dossier = await card.getByRole("link", { name: "Mở hồ sơ" }).getAttribute("href");
    expect(dossier).to.match(/^\/dossier\/01\/\d{14}\/10\/X\d{6}-/);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      card.getByRole("link", { name: "Tải một tệp" }).click(),
    ]);
    expect(file.suggestedFilename()).to.match(/^plotline-\d{14}-X\d{6}-.*\.html$/);
  });

  it("province: recalls a lot by its page's address, and the wall shows it with what was made of it", async () => {
    const page = phone("province");
    await openRoute(page, "#/recall");
    await page.getByLabel(/ịa chỉ trang của lô/).fill(gateway.url + harvested);
    await page.getByRole("button", { name: "Tìm lô" }).click();
    await page.getByLabel("Lý do, và người mua nên làm gì").fill("Diễn tập thu hồi");
    await sign(page, "Ký thu hồi");
    await openRoute(page, "#/");
    await page.getByRole("link", { name: /Đang thu hồi 1/ }).click();
    await page.getByRole("link", { name: harvested.split("/").at(-1) ?? "" }).waitFor();
    await page.getByRole("link", { name: "Gỡ lệnh thu hồi" }).click();
    await page.getByRole("button", { name: "Ký gỡ lệnh thu hồi" }).waitFor();
  });

  it("province: finds a lot by the numbers on its package, and is told what is none", async () => {
    const page = phone("province");
    const [, , gtin = "", , number = ""] = harvested.split("/");
    await openRoute(page, "#/recall");
    const look = async (product: string, lot: string) => {
      await page.getByLabel("Mã sản phẩm (GTIN)").fill(product);
      await page.getByLabel("Số lô", { exact: true }).fill(lot);
      await page.getByRole("button", { name: "Tìm theo số" }).click();
    };
    await look("124", number);
    await page.getByRole("alert").getByText("gõ sai").waitFor();
    await look(gtin, "D261123-00000");
    await page.getByRole("alert").getByText("không ai ghi lô này").waitFor();
    await look(gtin.replace(/^0+/, ""), number);
    await page.getByRole("heading", { name: "Gỡ lệnh thu hồi" }).waitFor();
  });

  it("province: sees on its wall that somebody waits, and issues a growing-area code itself", async () => {
    const page = phone("province");
    await openRoute(page, "#/code");
    await page.getByLabel("Hợp tác xã", { exact: true }).check();
    await page.getByLabel("Tên hiện cho mọi người").fill("Hợp tác xã sau");
    await page.getByRole("button", { name: "Tạo mã" }).click();
    const other = await openPhone(browser, (await page.locator(".link").textContent()) ?? "");
    await handInCode(other);
    await openRoute(page, "#/");
    await page.getByRole("link", { name: "1 bên đang chờ duyệt" }).click();
    await page.getByRole("button", { name: "Đúng, duyệt" }).click();
    await other.locator(".tiles").waitFor();
    await other.context().close();
    await openRoute(page, "#/papers");
    await page.getByRole("link", { name: "Cấp chứng nhận" }).click();
    await page.getByLabel("Cấp cho ai?").selectOption({ label: "Nông hộ mẫu" });
    await page.getByLabel("Số", { exact: true }).fill("VN-04");
    await page.getByLabel("Hạn mức (kg)").fill("10");
    await sign(page, "Ký cấp");
  });

  it("exporter: reads on the consignment that it was made from a recalled lot, and again before signing", async () => {
    const page = phone("exporter");
    await openRoute(page, "#/");
    await page.reload();
    const card = page.locator("a.lot", { hasText: "226,8 kg" });
    await card.getByText("Diễn tập thu hồi").waitFor();
    await card.click();
    await page.getByRole("alert").getByText("Làm từ một lô đang bị thu hồi").waitFor();
    await page.getByRole("link", { name: "Giao lô này" }).click();
    await page.getByRole("alert").getByText("Diễn tập thu hồi").waitFor();
    await page.getByRole("button", { name: "Ký giao" }).waitFor(); // a warning, not a block
  });

  it("certifier: revokes with a reason", async () => {
    const page = phone("certifier");
    await openRoute(page, "#/");
    await page.locator("article", { hasText: "GI-01" }).getByRole("link").click();
    await page.getByLabel("Lý do").fill("Kiểm tra cuối vụ");
    await sign(page, "Ký thu hồi");
    await openRoute(page, "#/");
    const revoked = page.locator("article", { hasText: "Đã thu hồi" });
    await revoked.getByText("không còn dùng được").waitFor();
    expect(await revoked.locator("meter").count()).to.equal(0);
  });

  for (const [person, routes] of Object.entries(ROUTES))
    it(`${person}: no page breaks a rule of WCAG, and fingers find every button`, async () => {
      const page = phone(person);
      for (const route of routes)
        for (const language of ["English", "Tiếng Việt"]) {
          await openRoute(page, route);
          await page.getByRole("button", { name: language }).click();
          await page.locator("main > *").first().waitFor();
          const where = `${person} ${route} ${language}`;
          expect(await brokenRules(page), where).to.deep.equal([]);
          expect(await smallTargets(page), where).to.deep.equal([]);
          expect(await overflow(page), where).to.equal(0);
          expect(await brokenNames(page), where).to.deep.equal([]);
        }
    });
});
