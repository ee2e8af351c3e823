"""Problems of files: what is wrong with an order, and why one was not made."""

from __future__ import annotations

EXPORT_PROBLEMS: dict[str, tuple[int, str, str, str, str]] = {
    # kind: (status, title zh-CN, title en, detail zh-CN, detail en)
    "queue-full": (
        503, "排队已满", "Too many files wait",
        "等待生成的文件已满，这一份没有受理；请稍后再试。",
        "Too many files wait to be made, and this one was not taken; try again a little later.",
    ),
    "unknown-export": (
        404, "没有这次导出", "No such export",
        "没有编号为“{got}”的导出记录。", "There is no export with the id “{got}”.",
    ),
    "not-made-yet": (
        409, "文件尚未生成", "Not made yet",
        "导出“{got}”正在生成，请稍后下载。", "The export “{got}” is being made; ask again a little later.",
    ),
    "file-gone": (
        410, "文件已不在", "The file is gone",
        "导出“{got}”的文件没有留存，或已过保存期限；请重新导出。",
        "The file of the export “{got}” was not kept, or is past its time; export it again.",
    ),
    "export-ended": (
        503, "生成中断", "Its making broke off",
        "生成文件的进程意外结束，文件没有生成；系统运行不受影响，请重试。",
        "The process that makes files ended while at it; the board goes on, and another try may do.",
    ),
    "export-old": (
        503, "等待过久", "It waited too long",
        "下单后系统中断过久，文件没有生成；请重新导出。",
        "The board was away for too long after it was asked for, and it was not made; export it again.",
    ),
    "export-not-granted": (
        403, "权限已变更", "No longer allowed",
        "下单后该账号已停用，或其角色、范围已变更，文件没有生成；请重新导出。",
        "The account was disabled, or given another role or scope, after it asked for the file, so it was "
        "not made; export it again.",
    ),
    "export-long": (
        503, "生成超时", "It took too long",
        "生成时间过长，已停止；请缩小尺寸或范围后重试。",
        "It took too long and was stopped; try a smaller size or scope.",
    ),
    "export-memory": (
        503, "内存不足", "Not enough memory",
        "服务器内存不足，文件没有生成；请缩小尺寸后重试。",
        "The server has too little memory for it; try a smaller size.",
    ),
    "export-not-kept": (
        503, "文件无法保存", "The file cannot be kept",
        "导出目录无法写入，文件没有保存；请检查磁盘空间和目录权限。",
        "The folder of exports cannot be written to; check the disk and the folder's rights.",
    ),
    "export-not-sent": (
        503, "邮件未发出", "The mail was not taken",
        "文件已生成并保存，但邮件服务器未接收；系统仍在重试，请检查邮件服务器或改用其他方式报送。",
        "The files are made and kept, but the mail server does not take them; it is tried further. Check the "
        "server, or send them another way.",
    ),
    "export-failed": (
        503, "生成失败", "It could not be made",
        "文件没有生成，原因已记入日志；请稍后再试。",
        "The file could not be made, and the log says why; try again later.",
    ),
}  # fmt: skip
