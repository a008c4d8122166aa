//! As much of HTTP as asking for a page needs: one connection for each request.

use std::io::{self, Read, Write};
use std::net::TcpStream;

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The session's cookie, as the next request sends it.
    pub(crate) fn cookie(&self) -> Option<String> {
        let line =
            self.head.lines().find(|it| it.to_ascii_lowercase().starts_with("set-cookie:"))?;
        Some(line.split_once(':')?.1.split(';').next()?.trim().to_owned())
    }
}

/// Somebody who asks a server on this machine.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) port: u16,
    pub(crate) cookie: String,
}

impl Browser {
    /// A page.
    pub(crate) fn get(&self, path: &str) -> io::Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// A form.
    pub(crate) fn post(&self, path: &str, form: &str) -> io::Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             origin: http://127.0.0.1:{}\r\ncontent-length: {}\r\n",
            self.port,
            form.len()
        );
        self.ask(&head, form)
    }

    fn ask(&self, head: &str, body: &str) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_nodelay(true)?;
        let (port, cookie) = (self.port, &self.cookie);
        let rest = format!("host: 127.0.0.1:{port}\r\ncookie: {cookie}\r\nconnection: close\r\n");
        stream.write_all(format!("{head}{rest}\r\n{body}").as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }
}

/// A text as a query carries it.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).expect("four bits").to_ascii_uppercase()
}
