//! Tokens, and whom they act as.

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::org::{Client, DATA, Reply, org, user};

const TOKEN: &str = "/services/oauth2/token";
const REFRESH: &str = "grant_type=refresh_token&client_id=sandbox-client-id&client_secret=sandbox-client-secret&refresh_token=sandbox-refresh-token";

async fn post(org: &Client, path: &str, form: &str) -> Reply {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    org.send_with("POST", path, &headers, form.to_owned()).await
}

async fn limits(org: &Client, token: &Json) -> Reply {
    let authorization = format!("Bearer {}", token.as_str().unwrap());
    let headers = [("authorization", &*authorization)];
    org.send_with("GET", &format!("{DATA}/limits"), &headers, "")
        .await
}

#[tokio::test]
async fn a_refresh_token_gives_a_token_for_two_hours() {
    let org = org();
    let given = post(&org, TOKEN, REFRESH).await.expect(200);
    let keys: Vec<_> = given.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "access_token",
            "id",
            "instance_url",
            "issued_at",
            "scope",
            "signature",
            "token_type"
        ]
    );
    assert_eq!(given["instance_url"], "http://salesforce.test");
    assert_eq!(given["issued_at"], "1795428000000");
    assert_eq!(given["token_type"], "Bearer");
    let token = &given["access_token"];
    limits(&org, token).await.expect(200);
    org.clock.advance(SignedDuration::from_hours(2));
    limits(&org, token).await.refused(401, "INVALID_SESSION_ID");
    let again = post(&org, TOKEN, REFRESH).await.expect(200);
    limits(&org, &again["access_token"]).await.expect(200);
}

#[tokio::test]
async fn an_application_may_act_by_itself() {
    let org = org();
    let form = "grant_type=client_credentials&client_id=sandbox-client-id&client_secret=sandbox-client-secret";
    let by_form = post(&org, TOKEN, form).await.expect(200);
    limits(&org, &by_form["access_token"]).await.expect(200);
    // sandbox-client-id:sandbox-client-secret
    let basic = "Basic c2FuZGJveC1jbGllbnQtaWQ6c2FuZGJveC1jbGllbnQtc2VjcmV0";
    let by_header = org
        .send_with(
            "POST",
            TOKEN,
            &[("authorization", basic)],
            "grant_type=client_credentials",
        )
        .await
        .expect(200);
    limits(&org, &by_header["access_token"]).await.expect(200);
}

#[tokio::test]
async fn a_token_is_refused_with_a_reason() {
    let org = org();
    for (changed, to, error, description) in [
        (
            "=sandbox-refresh-token",
            "=old",
            "invalid_grant",
            "expired access/refresh token",
        ),
        (
            "=sandbox-client-secret",
            "=wrong",
            "invalid_client",
            "invalid client credentials",
        ),
        (
            "=sandbox-client-id",
            "=wrong",
            "invalid_client_id",
            "client identifier invalid",
        ),
        (
            "=refresh_token",
            "=magic",
            "unsupported_grant_type",
            "grant type not supported",
        ),
        (
            "=refresh_token",
            "=client_credentials&client_secret=",
            "invalid_client",
            "invalid client credentials",
        ),
    ] {
        let mut form = REFRESH.replacen(changed, to, 1);
        if to.ends_with("client_secret=") {
            form = form.replace("&client_secret=sandbox-client-secret", "");
        }
        let refused = post(&org, TOKEN, &form).await.expect(400);
        assert_eq!(
            refused,
            json!({ "error": error, "error_description": description }),
            "{form}"
        );
    }
}

#[tokio::test]
async fn what_is_revoked_is_good_no_more() {
    let org = org();
    let given = post(&org, TOKEN, REFRESH).await.expect(200);
    let token = given["access_token"].as_str().unwrap();
    let revoke = "/services/oauth2/revoke";
    post(&org, revoke, &format!("token={token}"))
        .await
        .expect(200);
    limits(&org, &given["access_token"])
        .await
        .refused(401, "INVALID_SESSION_ID");
    post(&org, revoke, "token=sandbox-refresh-token")
        .await
        .expect(200);
    let refused = post(&org, TOKEN, REFRESH).await.expect(400);
    assert_eq!(refused["error"], "invalid_grant");
    post(&org, revoke, "token=sandbox-refresh-token")
        .await
        .expect(400);
    post(&org, revoke, "token=sandbox-salesforce-token")
        .await
        .expect(200);
    org.get("/limits").await.refused(401, "INVALID_SESSION_ID");
}

#[tokio::test]
async fn a_token_tells_whom_it_acts_as() {
    let org = org();
    let headers = [("authorization", "Bearer sandbox-salesforce-token")];
    let path = "/services/oauth2/userinfo";
    let info = org.send_with("GET", path, &headers, "").await.expect(200);
    assert_eq!(info["user_id"], user(1));
    assert!(info["organization_id"].as_str().unwrap().starts_with("00D"));
    assert_eq!(info["preferred_username"], "integration@example.com");
    assert_eq!(info["name"], "HubSpot Integration");
    let id = info["sub"].as_str().unwrap();
    let path = id
        .strip_prefix("http://salesforce.test")
        .unwrap()
        .to_owned();
    let identity = org.send_with("GET", &path, &headers, "").await.expect(200);
    assert_eq!(identity["username"], "integration@example.com");
    assert_eq!(identity["id"], id);
    org.send_with("GET", "/services/oauth2/userinfo", &[], "")
        .await
        .refused(401, "INVALID_SESSION_ID");
    for (path, headers, reason) in [
        (&*path, &[][..], "Missing_OAuth_Token"),
        (&path, &[("authorization", "Bearer x")], "Bad_OAuth_Token"),
        ("/id/00D000000000009/005000000000001", &headers, "Wrong_Org"),
        (&path.replace("0001AAA", "0002AAA"), &headers, "Bad_Id"),
    ] {
        let reply = org.send_with("GET", path, headers, "").await;
        assert_eq!(reply.headers["content-type"], "text/html;charset=UTF-8");
        assert_eq!((reply.status, reply.text.as_str()), (403, reason));
    }
}
