"""What is wrong with templates of briefs: English to Chinese."""

from __future__ import annotations

TEXTS = {
    "a Word or WPS document (.docx)": "Word 或 WPS 文档（.docx）",
    "a PowerPoint or WPS presentation (.pptx)": "PowerPoint 或 WPS 演示文稿（.pptx）",
    "the template is too large": "模板文件过大",
    "the template is too large once unpacked": "模板解开后过大",
    "the template has too many paragraphs": "模板的段落过多",
    "the template cannot be read": "模板无法读取",
    "the XML of a document": "文档的 XML",
    "not a template of this form": "不是这种格式的模板",
    "Save it as .{}, without macros": "请另存为 .{}，且不含宏",
    "a document, or a template file": "文字文档或文档模板",
    "a document with macros": "含宏的文字文档",
    "a presentation, or a template file": "演示文稿或演示模板",
    "a presentation with macros": "含宏的演示文稿",
    "a spreadsheet, or a template file": "电子表格或表格模板",
    "a spreadsheet with macros": "含宏的电子表格",
    "another kind of zip": "其他压缩包",
    "the template fetches something from elsewhere": "模板引用了外部内容",
    "a whole file": "完整的文件",
    "Put the picture into the file itself": "请将图片嵌入文件",
    "a placeholder cannot be read, {}": "占位符无法识读，{}",
    "a placeholder or a loop has no end, {}": "占位符或循环没有结尾，{}",
    "both its ends": "有头有尾",
    "whole placeholders": "完整的占位符",
    "Placeholders are written {{ name }}, loops {% for row in lines.rows %} … {% endfor %}": (
        "占位符写作 {{ 名称 }}，循环写作 {% for row in 防线.行 %} … {% endfor %}"
    ),
    "templates cannot do this, {}": "模板不支持此写法，{}",
    "unknown filter, {}": "未知的过滤器，{}",
    "unknown placeholder, {}": "未知的占位符，{}",
    "unknown column, {}": "未知的列，{}",
    "no room for a block, {}": "此处放不下整块内容，{}",
    "a paragraph of the text, or a shape": "正文中的一段，或幻灯片上的形状",
    "Use its words there, not its block": "此处请只用文字类占位符",
    "a block stands beside other text, {}": "整块内容与其他文字写在了一段，{}",
    "the placeholder alone": "只写占位符",
    "Give it a paragraph of its own": "请让它独占一段",
    "paragraph {} of the text": "正文第 {} 段",
    "paragraph {} of a header": "页眉第 {} 段",
    "paragraph {} of a footer": "页脚第 {} 段",
    "paragraph {} of the footnotes": "脚注第 {} 段",
    "slide {}, {}": "第 {} 张幻灯片 {}",
}
"""English to Chinese; `{}` stands for what varies, in order unless the Chinese numbers it."""
