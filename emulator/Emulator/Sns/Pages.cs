using System.Net;

namespace Disa.Emulator.Sns;

/// <summary>The small pages behind the links in mails.</summary>
internal static class Pages
{
    public static string Of(string title, string text, string? detail = null) =>
        $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>{title}</title>
            <style>body {"{"} font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 4rem auto; padding: 0 1rem; {"}"} code {"{"} overflow-wrap: anywhere; {"}"}</style>
            <h1>{title}</h1>
            <p>{text}</p>
            {(detail is null ? "" : $"<p><code>{WebUtility.HtmlEncode(detail)}</code></p>")}
            </html>

            """;
}
