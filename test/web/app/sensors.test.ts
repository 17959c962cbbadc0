import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { ROLES } from "../../../gateway/core/operations.ts";
import { idOf } from "../../../gateway/core/recording.ts";
import { keysOf } from "../../../scripts/season/cast.ts";
import { ask } from "../../../scripts/season/doors.ts";
import { openGateway, type OpenGateway } from "../../gateway/open.ts";
import { hasBrowser, openBrowser, openPhone, openRoute } from "../phone.ts";

type Sensor = {
  readonly device: string;
  readonly label: string;
  readonly until: number;
  readonly keyUntil: number;
  readonly calibration: { readonly certificate: string } | null;
};

describe("the sensors of a party", function () {
  this.timeout(120_000);
  let [gateway, browser, page]: [OpenGateway, Browser, Page] = [] as never;
  const [first, second] = [keysOf("first sensor"), keysOf("second sensor")];

  before(async function () {
    if (!hasBrowser()) return this.skip();
    gateway = await openGateway();
    browser = await openBrowser();
    page = await openPhone(browser, `${gateway.url}/app/province#code=${gateway.invitation}`);
    await page.getByRole("button", { name: "Ghi danh" }).click();
    await page.getByText("Lô hôm nay").waitFor();
  });
  after(async () => {
    await browser?.close();
    await gateway?.end();
  });

  const sensors = () => {
    const party = idOf("https://plotline.example/parties/authority");
    return ask<readonly Sensor[]>(`${gateway.url}/api/parties/${party}/devices`);
  };
  /** Asks until it holds: what was signed has to come to the chain. */
  const until = async (holds: (all: readonly Sensor[]) => boolean): Promise<readonly Sensor[]> => {
    for (;;) {
      const all = await sensors();
      if (holds(all)) return all;
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  const of = (all: readonly Sensor[], { keyId }: { keyId: string }) =>
    all.find(({ device }) => device === keyId);
  const now = (): number => Date.now() / 1000;
  const sign = async (button: string): Promise<void> => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("heading", { name: "Đã lưu trên máy" }).waitFor();
  };

  it("are added with their calibration, and refused with half of one", async () => {
    await openRoute(page, "#/device");
    await page.getByLabel("Khóa công khai của cảm biến").fill(first.publicKey);
    await page.getByLabel("Tên cảm biến").fill("Kho 1");
    await page.getByLabel("Tên nơi đó").fill("Kho hàng");
    await page.getByText("Giấy hiệu chuẩn (nếu có)").click();
    await page.getByLabel("Số giấy hiệu chuẩn").fill("HC-26/0104");
    await page.getByRole("button", { name: "Ký", exact: true }).click();
    await page.getByText("Giấy hiệu chuẩn cần đủ số").waitFor();
    await page.getByLabel("Nơi cấp").fill("Phòng hiệu chuẩn mẫu");
    await page.getByLabel("Có giá trị đến hết ngày").fill("2027-12-31");
    await sign("Ký");
    const [sensor] = await until((all) => all.length === 1);
    expect(sensor).to.include({ device: first.keyId, label: "Kho 1" });
    expect(sensor?.calibration).to.include({ certificate: "HC-26/0104" });
    await openRoute(page, "#/sensors");
    await page.getByText("HC-26/0104").waitFor();
  });

  it("get a new key: the old one's period and watch end, and the new one watches the same place", async () => {
    await page.getByRole("link", { name: "Đổi khóa hoặc đổi máy" }).click();
    await page.getByText("Khóa mới thay cho khóa đang dùng").waitFor();
    await page.getByLabel("Khóa công khai của cảm biến").fill(first.publicKey);
    await page.getByRole("button", { name: "Ký", exact: true }).click();
    await page.getByText("Đây chính là khóa đang dùng").waitFor();
    await page.getByLabel("Khóa công khai của cảm biến").fill(second.publicKey);
    await sign("Ký");
    const all = await until((all) => of(all, second) !== undefined);
    const [old, fresh] = [of(all, first), of(all, second)];
    expect(old?.until).to.be.at.most(now() + 60);
    expect(old?.keyUntil).to.be.at.most(now() + 60);
    expect(fresh).to.include({ label: "Kho 1" });
    expect(fresh?.until).to.be.above(now() + 86_400);
    const { roles } = await ask<{ roles: string[] }>(`${gateway.url}/api/keys/${second.keyId}`);
    expect(roles).to.deep.equal(Object.keys(ROLES).filter((role) => role === "device"));
  });

  it("are taken out of use, with the reason, as of the day that is named", async () => {
    await openRoute(page, "#/sensors");
    await page.getByRole("link", { name: "Ngừng dùng" }).click();
    await page.getByLabel("Từ ngày nào không tin được nữa?").fill("2999-01-01");
    await page.getByLabel("Lý do").fill("Mất cắp");
    await page.getByRole("button", { name: "Ký thu hồi" }).click();
    await page.getByText("Ngày đó chưa tới").waitFor();
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel("Từ ngày nào không tin được nữa?").fill(day);
    await sign("Ký thu hồi");
    await until((all) => (of(all, second)?.keyUntil ?? Infinity) < now() - 3_600);
    await until((all) => (of(all, second)?.until ?? Infinity) <= now() + 60); // the chain may be ahead of the store
    await openRoute(page, "#/sensors");
    await page.getByText("khóa đã thu hồi từ").first().waitFor();
    await page.getByRole("link", { name: "Ngừng dùng" }).waitFor({ state: "detached" });
  });
});
