import Crypto
import HTTPTypes
public import Hummingbird
import NIOCore
import struct FoundationEssentials.Data

/// The page on which somebody asks for a link to sign in, that the link opens, and that an OpenID provider sends the browser back to. To
/// look at it uses nothing up: scanners of mail follow links. What is secret stands behind the # of the link, which browsers send to nobody;
/// a press of the button posts it.
public enum SignInPage {
    private static let script = """
        const button = document.querySelector("#open"), form = document.querySelector("form"), says = document.querySelector("p[role=status]");
        const query = new URLSearchParams(location.search), code = location.hash.slice(1);
        const isOpenID = query.has("code") && query.has("state");
        if (query.has("error")) says.textContent = "The provider did not sign you in. Go back and begin again.";
        else if (code || isOpenID) button.hidden = false;
        else form.hidden = false;
        history.replaceState(null, "", location.pathname);
        const body = isOpenID ? { code: query.get("code"), state: query.get("state") } : { code };
        const path = isOpenID ? "/v1/sign-in/openid/finish" : "/v1/sign-in/link/open";
        async function post(path, body) {
          try {
            const answer = await fetch(path, {
              method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
            return answer.ok ? { ok: true } : await answer.json();
          } catch {
            return { detail: "Kith cannot be reached at the moment. Check your connection, wait a minute, and press the button again." };
          }
        }
        async function go() {
          button.disabled = true;
          const said = await post(path, body);
          button.disabled = false;
          if (said.ok) { says.textContent = "You are signed in."; button.hidden = true; return; }
          if (said.type === "urn:kith:problem:second-factor-required") {
            body.second_factor = prompt("The six digits from your app, or a recovery code") || undefined;
            if (body.second_factor) return go();
          }
          says.textContent = said.detail;
          form.hidden = isOpenID;
        }
        async function ask(event) {
          event.preventDefault();
          const said = await post("/v1/sign-in/link", { email: form.elements.email.value });
          says.textContent = said.ok
            ? "If this address has an account here, a link is on its way to it. Open it in this browser within 15 minutes."
            : said.errors ? "This does not look like an e-mail address. Check it, and try again." : said.detail;
          form.hidden = Boolean(said.ok);
          button.hidden = true;
        }
        button.addEventListener("click", go);
        form.addEventListener("submit", ask);
        if (isOpenID) go();
        """

    private static let html = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in to Kith</title>
        <h1>Sign in to Kith</h1><p role="status"></p><button id="open" hidden>Sign in</button>
        <form hidden><p>We send you a link by e-mail. It signs you in without a password.</p>
        <label>Your e-mail address <input name="email" type="email" autocomplete="email" required></label> <button>Send me a link</button></form>
        <noscript><p>This page needs JavaScript. Without it, sign in with your password.</p></noscript>
        <script>\(script)</script></html>
        """

    private static let policy =
        "default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; script-src 'sha256-"
        + Data(SHA256.hash(data: Array(script.utf8))).base64EncodedString() + "'"

    /// The page, which runs its own script and no other.
    public static var response: Response {
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .contentSecurityPolicy: policy]
        headers[HTTPField.Name("Referrer-Policy")!] = "no-referrer"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}
