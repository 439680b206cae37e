import Crypto
import HTTPTypes
public import Hummingbird
import NIOCore
import struct FoundationEssentials.Data

/// The page that a link to sign in opens, and that an OpenID provider sends the browser back to. To look at it uses nothing up: scanners of
/// mail follow links. What is secret stands behind the # of the link, which browsers send to nobody; a press of the button posts it.
public enum SignInPage {
    private static let script = """
        const button = document.querySelector("button"), says = document.querySelector("p[role=status]");
        const query = new URLSearchParams(location.search), code = location.hash.slice(1);
        const isOpenID = query.has("code") && query.has("state");
        if (query.has("error")) says.textContent = "The provider did not sign you in. Go back and begin again.";
        else if (code || isOpenID) button.hidden = false;
        else says.textContent = "Open the link from your e-mail in this browser.";
        history.replaceState(null, "", location.pathname);
        const body = isOpenID ? { code: query.get("code"), state: query.get("state") } : { code };
        const path = isOpenID ? "/v1/sign-in/openid/finish" : "/v1/sign-in/link/open";
        async function go() {
          button.disabled = true;
          const answer = await fetch(path, {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
          const said = await answer.json();
          button.disabled = false;
          if (answer.ok) { says.textContent = "You are signed in."; button.hidden = true; return; }
          if (said.type === "urn:kith:problem:second-factor-required") {
            body.second_factor = prompt("The six digits from your app, or a recovery code") || undefined;
            if (body.second_factor) return go();
          }
          says.textContent = said.detail;
        }
        button.addEventListener("click", go);
        if (isOpenID) go();
        """

    private static let html = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in to Kith</title>
        <h1>Sign in to Kith</h1><p role="status"></p><button hidden>Sign in</button>
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
