using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Store;

/// <summary>A column whose values are sealed at rest: what is in it is its owner's business, and nobody else's who gets at the file.</summary>
/// <param name="Table">Its table, which a sealed value is bound to.</param>
public sealed record SealedColumn(string Table, string Column);

/// <summary>
/// Seals values with AES-256-GCM as the SQL functions <c>seal(table, value)</c>, <c>open(table, value)</c> and <c>plain_length(value)</c> of one
/// connection. Without a key, in memory, values stay as they are; and so do values that an older version wrote, until they are sealed.
/// </summary>
internal sealed class ColumnSeal : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeadSize = 5;
    private const int Overhead = HeadSize + NonceSize + TagSize;

    /// <summary>No text and no JSON begins so; a byte behind it tells text from bytes.</summary>
    private const uint Mark = 0xD15A0001;

    private readonly AesGcm? gcm;

    private ColumnSeal(byte[]? key) => gcm = key is null ? null : new AesGcm(key, TagSize);

    public static ColumnSeal Register(SqliteConnection connection, byte[]? key)
    {
        var columns = new ColumnSeal(key);
        connection.CreateFunction("seal", (object?[] values) => columns.Seal((string)values[0]!, values[1]));
        connection.CreateFunction("open", (object?[] values) => columns.Open((string)values[0]!, values[1]));
        connection.CreateFunction("is_sealed", (object?[] values) => IsSealed(values[0]) ? 1L : 0L);
        connection.CreateFunction("plain_length", (object?[] values) => PlainLength(values[0]));
        return columns;
    }

    public void Dispose() => gcm?.Dispose();

    private object? Seal(string table, object? value)
    {
        if (gcm is null || value is null or DBNull)
        {
            return value;
        }

        var plain = value as byte[] ?? Encoding.UTF8.GetBytes((string)value);
        var result = new byte[Overhead + plain.Length];
        BinaryPrimitives.WriteUInt32BigEndian(result, Mark);
        result[4] = value is string ? (byte)1 : (byte)0;
        var nonce = result.AsSpan(HeadSize, NonceSize);
        Nonces.Fill(nonce);
        gcm.Encrypt(
            nonce,
            plain,
            result.AsSpan(HeadSize + NonceSize, plain.Length),
            result.AsSpan(result.Length - TagSize),
            Encoding.UTF8.GetBytes(table)
        );
        return result;
    }

    private object? Open(string table, object? value)
    {
        if (!IsSealed(value))
        {
            return value;
        }

        var bytes = (byte[])value!;
        var plain = new byte[bytes.Length - Overhead];
        try
        {
            gcm!.Decrypt(
                bytes.AsSpan(HeadSize, NonceSize),
                bytes.AsSpan(HeadSize + NonceSize, plain.Length),
                bytes.AsSpan(bytes.Length - TagSize),
                plain,
                Encoding.UTF8.GetBytes(table)
            );
        }
        catch (CryptographicException)
        {
            throw new InvalidDataException($"a value of {table} is damaged, or root.key does not belong to disa.db");
        }

        return bytes[4] == 1 ? Encoding.UTF8.GetString(plain) : plain;
    }

    private static bool IsSealed(object? value) =>
        value is byte[] bytes && bytes.Length >= Overhead && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Mark;

    private static long PlainLength(object? value) =>
        value switch
        {
            byte[] bytes => bytes.Length - (IsSealed(bytes) ? Overhead : 0),
            string text => text.Length,
            _ => 0,
        };
}
