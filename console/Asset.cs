using Microsoft.AspNetCore.Http;

namespace Disa.WebConsole;

/// <summary>A file inside this program: the style sheet, the script, the icon.</summary>
internal sealed class Asset(string type, byte[] content)
{
    public Task Send(HttpContext context)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        // They change with the program only, but under the same name: asked for again by each page, from this machine.
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}

/// <summary>The files by name.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, Asset> All = new(StringComparer.Ordinal)
    {
        ["console.css"] = Read("console.css", "text/css; charset=utf-8"),
        ["console.js"] = Read("console.js", "text/javascript; charset=utf-8"),
        ["reading.js"] = Read("reading.js", "text/javascript; charset=utf-8"),
        ["icon.svg"] = Read("icon.svg", "image/svg+xml"),
    };

    public static Asset? Find(string name) => All.GetValueOrDefault(name);

    private static Asset Read(string name, string type)
    {
        using var file = typeof(Assets).Assembly.GetManifestResourceStream($"assets/{name}")!;
        using var all = new MemoryStream();
        file.CopyTo(all);
        return new(type, all.ToArray());
    }
}
