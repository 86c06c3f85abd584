using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Emulator.Aws;

/// <summary>JSON that the emulator wrote itself around what it took in: that was held to a depth of its own, and this is a little deeper.</summary>
internal static class OwnJson
{
    public const int Depth = 512;

    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonInput.Parse(json, new JsonDocumentOptions { MaxDepth = Depth });
}
