using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>What AWS adds to the language, and <c>$random</c>, which takes a seed there.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn</remarks>
internal static class StepFunctionsLibrary
{
    /// <summary>The most members of one <c>$range</c>: measured on AWS.</summary>
    private const double LargestRange = 360_145;

    public static readonly FrozenDictionary<string, NativeFunction> Functions = new Dictionary<string, NativeFunction>
    {
        ["partition"] = new(2, "<an?:a<a>>", Partition),
        ["range"] = new(3, "<nnn?:a<n>>", Range),
        ["hash"] = new(2, "<ss?:s>", Hash),
        ["random"] = new(1, "<n?:n>", Random),
        ["uuid"] = new(0, "<:s>", Uuid),
        ["parse"] = new(1, "<s?:x>", Parse),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static ArrayValue? Partition(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { } items)
        {
            return null;
        }

        if (items is [NullValue] && items.Items is not List<Value?>)
        {
            throw new JsonataException("T0412")
            {
                Value = "null",
                Index = 1,
                Type = "arrays",
            };
        }

        var size = Math.Truncate(arguments.Number(1) ?? items.Count);
        if (size < 0)
        {
            throw new JsonataException("D3137") { Value = "Second argument must be zero or greater" };
        }

        if (size == 0 || items.Count == 0)
        {
            return null;
        }

        call.Evaluator.Budget.Take(items.Count);
        return new ArrayValue([.. items.Chunk((int)Math.Min(size, int.MaxValue)).Select(chunk => new ArrayValue(chunk))]);
    }

    private static ArrayValue? Range(Call call, Value?[] arguments)
    {
        var (first, last) = (Math.Truncate(arguments.Number(0) ?? double.NaN), Math.Truncate(arguments.Number(1) ?? double.NaN));
        var step = Math.Truncate(arguments.Number(2) ?? 0);
        var count = Math.Floor((last - first) / step) + 1;
        if (step == 0 || !(count >= 1))
        {
            return null;
        }

        if (count > LargestRange)
        {
            throw Budget.TooMuchMemory();
        }

        call.Evaluator.Budget.Take((long)count);
        var range = ArrayValue.Sequence();
        for (var i = 0; i < count; i++)
        {
            range.Add(new NumberValue(first + i * step));
        }

        return range;
    }

    private static StringValue? Hash(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text || arguments.Text(1) is not { } algorithm)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5350, CA5351 // AWS has them: they sign nothing here.
        var hash = algorithm switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => throw new JsonataException("D3137") { Value = $"Unsupported hash algorithm: {algorithm}" },
        };
#pragma warning restore CA5350, CA5351
        return new StringValue(Convert.ToHexStringLower(hash));
    }

    /// <summary>With a seed the first number that java.util.Random draws from it, as AWS answers it.</summary>
    private static NumberValue Random(Call call, Value?[] arguments)
    {
        if (arguments.Number(0) is not { } seed)
        {
            return new NumberValue(call.Evaluator.Environment.Random.NextDouble());
        }

        const long multiplier = 0x5DEECE66DL;
        const long mask = (1L << 48) - 1;
        var state = (Saturated(seed) ^ multiplier) & mask;
        long Next(int bits)
        {
            state = unchecked(state * multiplier + 0xBL) & mask;
            return state >> (48 - bits);
        }

        return new NumberValue(((Next(26) << 27) + Next(27)) * (1.0 / (1L << 53)));
    }

    private static long Saturated(double number) =>
        double.IsNaN(number) ? 0 : (long)Math.Clamp(Math.Truncate(number), long.MinValue, (double)long.MaxValue - 1024);

    private static StringValue Uuid(Call call, Value?[] arguments)
    {
        Span<byte> bytes = stackalloc byte[16];
        call.Evaluator.Environment.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new StringValue(new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture));
    }

    private static Value? Parse(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        try
        {
            var json = JsonElement.Parse(
                text,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = call.Evaluator.Options.MaxNesting }
            );
            return HasOnlyFinite(json) ? JsonValues.Of(json) : throw Invalid();
        }
        catch (JsonException)
        {
            throw Invalid();
        }
    }

    private static JsonataException Invalid() => new("D3137") { Value = "Invalid JSON" };

    private static bool HasOnlyFinite(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Number => double.IsFinite(json.GetDouble()),
            JsonValueKind.Array => json.EnumerateArray().All(HasOnlyFinite),
            JsonValueKind.Object => json.EnumerateObject().All(member => HasOnlyFinite(member.Value)),
            _ => true,
        };
}
