//! What a file is, by its content; and whether its archive may be unpacked.

use std::io::{self, Cursor, Read};

use kernel::Refusal;
use zip::ZipArchive;

use super::limits::too_big;
use super::{Format, Limits, damaged};

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const SAVE_AS: &str = "请用 WPS 或 Excel 打开后另存为 .xlsx，再重新报送。";

/// The format of these bytes, with an archive's sizes checked; or why it is not taken.
pub(super) fn format_of(bytes: &[u8], limits: &Limits) -> Result<Format, Refusal> {
    if bytes.starts_with(b"PK") {
        return archive(bytes, limits).map(|()| Format::Xlsx);
    }
    if bytes.starts_with(OLE) {
        return if has_utf16(bytes, "EncryptedPackage") {
            Err(encrypted())
        } else {
            Ok(Format::Xls)
        };
    }
    text(bytes).map(|()| Format::Csv)
}

/// The refusal of a file that asks for a password.
pub(super) fn encrypted() -> Refusal {
    Refusal::new("文件加了密码，不能读取。", "请取消密码后重新报送，不要把密码写在邮件里。")
}

fn text(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Refusal::new(
            "文件是 UTF-16 编码的文本，系统不收。",
            "请另存为“CSV UTF-8”或 .xlsx 后重新报送。",
        ));
    }
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    if start.is_empty() {
        return Err(Refusal::new("文件里没有内容。", "请核对后重新导出报送。"));
    }
    if start.starts_with(b"<") {
        return Err(Refusal::new("文件其实是网页，不是电子表格，扩展名被改过。", SAVE_AS));
    }
    if start.starts_with(b"%PDF") {
        return Err(Refusal::new(
            "文件是 PDF，不是电子表格。",
            "请报送 .xlsx、.xls 或 .csv 文件。",
        ));
    }
    if bytes.contains(&0) {
        return Err(Refusal::new(
            "文件不是系统能读的电子表格。",
            "请报送 .xlsx、.xls 或 .csv 文件。",
        ));
    }
    Ok(())
}

/// Checks what an archive holds: first what its directory says, then that it says the truth.
fn archive(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if zip.len() > limits.zip_entries {
        return Err(Refusal::new(
            format!("工作簿里的部件超过上限 {} 个。", limits.zip_entries),
            SAVE_AS,
        ));
    }
    let (mut names, mut total) = (Vec::new(), 0_u64);
    for index in 0..zip.len() {
        let entry = zip.by_index_data(index).map_err(|_| damaged())?;
        if entry.encrypted() {
            return Err(encrypted());
        }
        names.push(entry.name().map_err(|_| damaged())?.replace('\\', "/"));
        total = total.saturating_add(entry.size());
        let ratio = entry.size() / entry.compressed_size().max(1);
        if total > limits.unpacked_bytes {
            return Err(too_big("工作簿解压后", limits.unpacked_bytes));
        }
        if entry.size() > 1 << 20 && ratio > limits.unpacked_ratio {
            return Err(Refusal::new("工作簿的压缩比异常，疑似恶意文件，已拒收。", SAVE_AS));
        }
    }
    kind_of(&names)?;
    for index in 0..zip.len() {
        holds_what_it_says(&mut zip, index)?;
    }
    Ok(())
}

fn kind_of(names: &[String]) -> Result<(), Refusal> {
    let has = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let extension = |ends: &str| names.iter().any(|n| n.to_lowercase().ends_with(ends));
    if has("xl/workbook.xml") {
        return Ok(());
    }
    Err(if has("xl/workbook.bin") {
        Refusal::new("文件是二进制工作簿（.xlsb），系统不收。", SAVE_AS)
    } else if has("content.xml") {
        Refusal::new("文件是 OpenDocument 表格（.ods），系统不收。", SAVE_AS)
    } else if extension(".xlsx") || extension(".xls") || extension(".csv") {
        Refusal::new("文件是压缩包。", "请解压后把里面的表格逐个报送。")
    } else if has("word/document.xml") {
        Refusal::new("文件是文字文档，不是电子表格。", "请报送 .xlsx、.xls 或 .csv 文件。")
    } else {
        Refusal::new("压缩包里没有工作簿。", "请报送 .xlsx、.xls 或 .csv 文件。")
    })
}

/// Unpacks an entry into nothing: it must end where the directory says, and its checksum hold.
fn holds_what_it_says(zip: &mut ZipArchive<Cursor<&[u8]>>, index: usize) -> Result<(), Refusal> {
    let entry = zip.by_index(index).map_err(|_| damaged())?;
    let said = entry.size();
    let got = io::copy(&mut entry.take(said.saturating_add(1)), &mut io::sink())
        .map_err(|_| damaged())?;
    if got == said { Ok(()) } else { Err(damaged()) }
}

fn has_utf16(bytes: &[u8], word: &str) -> bool {
    let wanted: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
