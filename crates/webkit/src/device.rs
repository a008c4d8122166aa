use http::{HeaderMap, header};

/// `Chrome 120，Windows`: browser and system as far as the browser says; never its whole text.
pub fn device(headers: &HeaderMap) -> String {
    const BROWSERS: [(&str, &str); 5] = [
        ("Edg/", "Edge"),
        ("MicroMessenger/", "微信"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("HarmonyOS", "鸿蒙"),
        ("Android", "安卓"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let browser = BROWSERS.iter().find_map(|(mark, name)| {
        let version: String =
            agent.split_once(mark)?.1.chars().take_while(char::is_ascii_digit).take(4).collect();
        Some(format!("{name} {version}"))
    });
    let system = SYSTEMS.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}，{system}"),
        (Some(browser), None) => browser,
        (None, Some(system)) => system.to_owned(),
        (None, None) => "设备不明".to_owned(),
    }
}
