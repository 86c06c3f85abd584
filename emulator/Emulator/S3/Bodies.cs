using System.Buffers.Binary;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.S3;

/// <summary>Objects' bytes: chunks of a mebibyte, each encrypted, and bound to its place.</summary>
internal static class Bodies
{
    private const int ChunkSize = 1024 * 1024;

    /// <summary>How many chunks one write takes: others wait for no more.</summary>
    public const int Slice = 4;

    public static long New(Transaction transaction, string bucket) =>
        transaction.Insert("INSERT INTO s3_body (bucket) VALUES ($1)", bucket);

    /// <summary>Whether a body is written in more than one write.</summary>
    public static bool IsLarge(ReadOnlyMemory<byte> body) => body.Length > Slice * ChunkSize;

    /// <summary>Outside the writer: encryption takes its time.</summary>
    public static List<byte[]> Encrypt(DataKey key, ReadOnlyMemory<byte> body, int part) => Encrypt(key, body, part, 0, int.MaxValue);

    /// <summary>Writes a body of its own, a slice at a time; what no version comes to own is removed, here or at the next start.</summary>
    public static async Task<long> Stage(Database database, string bucket, int part, DataKey key, ReadOnlyMemory<byte> body)
    {
        var id = await database.Write(transaction => New(transaction, bucket)).ConfigureAwait(false);
        await StageInto(database, id, part, key, body).ConfigureAwait(false);
        return id;
    }

    /// <summary>The same into a body that is there. Encrypted a slice at a time too: no more of it is held than that.</summary>
    public static async Task StageInto(Database database, long id, int part, DataKey key, ReadOnlyMemory<byte> body)
    {
        var count = (body.Length + ChunkSize - 1) / ChunkSize;
        for (var from = 0; from < count; from += Slice)
        {
            var first = from;
            var chunks = Encrypt(key, body, part, first, Slice);
            await database
                .Write(transaction =>
                {
                    for (var i = 0; i < chunks.Count; i++)
                    {
                        transaction.Execute("INSERT INTO s3_chunk VALUES ($1, $2, $3, $4)", id, part, first + i, chunks[i]);
                    }
                })
                .ConfigureAwait(false);
        }
    }

    /// <summary>The body that was added last.</summary>
    public static long Newest(Database database) => database.Read(transaction => transaction.Number("SELECT max(id) FROM s3_body")) ?? 0;

    /// <summary>What was staged and came to belong to nothing, because the emulator was stopped in between.</summary>
    /// <param name="transaction">A read.</param>
    /// <param name="newest">Of those that were there when the emulator started: later ones may be in progress.</param>
    public static List<long> Abandoned(Transaction transaction, long newest) =>
        transaction.Query(
            "SELECT id FROM s3_body WHERE id <= $1 AND id NOT IN (SELECT body FROM s3_version) AND id NOT IN (SELECT body FROM s3_upload)",
            row => row.GetInt64(0),
            newest
        );

    public static void Write(Transaction transaction, long body, int part, List<byte[]> chunks)
    {
        transaction.Execute("DELETE FROM s3_chunk WHERE body = $1 AND part = $2", body, part);
        for (var number = 0; number < chunks.Count; number++)
        {
            transaction.Execute("INSERT INTO s3_chunk VALUES ($1, $2, $3, $4)", body, part, number, chunks[number]);
        }
    }

    /// <summary>The bytes from an offset on, of all parts one after the other.</summary>
    /// <param name="isReleased">Whether the caller releases what is read: then large ones come in a <see cref="LargeBuffer"/>.</param>
    public static ReadOnlyMemory<byte> Read(
        Transaction transaction,
        DataKey key,
        long body,
        IReadOnlyList<ObjectPart> parts,
        long from,
        long length,
        bool isReleased = false
    )
    {
        if (!isReleased || length < LargeBuffer.Least)
        {
            var small = new byte[length];
            ReadInto(small, transaction, key, body, parts, from);
            return small;
        }

        var large = new LargeBuffer(checked((int)length));
        try
        {
            ReadInto(large.GetSpan(), transaction, key, body, parts, from);
            return large.Memory;
        }
        catch
        {
            ((IDisposable)large).Dispose();
            throw;
        }
    }

    private static void ReadInto(
        Span<byte> bytes,
        Transaction transaction,
        DataKey key,
        long body,
        IReadOnlyList<ObjectPart> parts,
        long from
    )
    {
        long length = bytes.Length;
        long start = 0;
        foreach (var part in parts)
        {
            var end = start + part.Size;
            if (end > from && start < from + length && part.Size > 0)
            {
                var first = (int)(Math.Max(0, from - start) / ChunkSize);
                var last = (int)((Math.Min(end, from + length) - start - 1) / ChunkSize);
                var number = first;
                for (; number <= last; number++)
                {
                    var chunk = transaction.First(
                        "SELECT data FROM s3_chunk WHERE body = $1 AND part = $2 AND number = $3",
                        row => row.GetFieldValue<byte[]>(0),
                        body,
                        part.Number,
                        number
                    )!;
                    var plain = key.Decrypt(chunk, Place(part.Number, number));
                    var offset = start + (long)number * ChunkSize;
                    var skip = (int)Math.Max(0, from - offset);
                    var take = (int)Math.Min(plain.Length - skip, from + length - offset - skip);
                    plain.AsSpan(skip, take).CopyTo(bytes[(int)(offset + skip - from)..]);
                }
            }

            start = end;
        }
    }

    private static List<byte[]> Encrypt(DataKey key, ReadOnlyMemory<byte> body, int part, int first, int most)
    {
        var chunks = new List<byte[]>();
        for (var at = first * ChunkSize; at < body.Length && chunks.Count < most; at += ChunkSize)
        {
            chunks.Add(key.Encrypt(body.Span.Slice(at, Math.Min(ChunkSize, body.Length - at)), Place(part, first + chunks.Count)));
        }

        return chunks;
    }

    public static void Delete(Transaction transaction, long body)
    {
        if (body > 0)
        {
            transaction.Execute("DELETE FROM s3_chunk WHERE body = $1", body);
            transaction.Execute("DELETE FROM s3_body WHERE id = $1", body);
        }
    }

    public static void DeletePart(Transaction transaction, long body, int part) =>
        transaction.Execute("DELETE FROM s3_chunk WHERE body = $1 AND part = $2", body, part);

    private static byte[] Place(int part, int number)
    {
        var place = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(place, part);
        BinaryPrimitives.WriteInt32BigEndian(place.AsSpan(4), number);
        return place;
    }
}
