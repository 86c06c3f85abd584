using System.Security.Cryptography;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

/// <summary>The key that wraps all key material at rest: 32 bytes in <c>root.key</c> beside the database, its owner's alone.</summary>
/// <remarks>Whoever copies the database without this file has ciphertext. In memory, it lives as long as the emulator.</remarks>
internal sealed class RootKey
{
    private const int Size = 32;
    private const string FileName = "root.key";

    private readonly byte[] key;

    private RootKey(byte[] key) => this.key = key;

    /// <param name="directory">Where <c>root.key</c> lies; null for a key in memory.</param>
    /// <param name="mayCreate">False where the database already has keys: then a missing file is a loss to report, not a start.</param>
    /// <exception cref="DataFolderException">The file is missing or is no root key.</exception>
    public static RootKey Open(string? directory, bool mayCreate)
    {
        if (directory is null)
        {
            return new(RandomNumberGenerator.GetBytes(Size));
        }

        var path = Path.Combine(directory, FileName);
        if (File.Exists(path))
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length == Size ? new(bytes) : throw new DataFolderException($"{path} is not a root key of {Size} bytes.");
        }

        if (!mayCreate)
        {
            throw new DataFolderException(
                $"{path} is missing: without it the data in disa.db cannot be decrypted. Put the file back, or start with an empty directory."
            );
        }

        return new(Create(path));
    }

    public byte[] Wrap(ReadOnlySpan<byte> material) => Sealing.Seal(key, material, default);

    /// <exception cref="DataFolderException">The material was wrapped by another root key.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped)
    {
        try
        {
            return Sealing.Open(key, wrapped, default);
        }
        catch (CryptographicException failure)
        {
            throw new DataFolderException("root.key does not belong to disa.db: a key's material cannot be unwrapped.", failure);
        }
    }

    /// <summary>A secret for something else than wrapping: from one, the root key and others cannot be told.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Size, info: System.Text.Encoding.UTF8.GetBytes(purpose));

    /// <summary>Writes this key to a directory, in place of one that is there.</summary>
    public void Save(string directory) => Write(Path.Combine(directory, FileName), key);

    private static byte[] Create(string path)
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        Write(path, bytes);
        return bytes;
    }

    /// <summary>Written whole under another name first, so that a power cut leaves no half a key.</summary>
    private static void Write(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var unfinished = path + ".new";
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
