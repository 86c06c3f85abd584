using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.Lambda;

/// <summary>Packages on disk: checked when they are uploaded, unpacked once into a private directory.</summary>
internal sealed class FunctionCode : IDisposable
{
    /// <summary>Bytes of a package once unpacked.</summary>
    public const long UnpackedLimit = 262_144_000;

    private const string TemporaryPrefix = "disa-lambda-";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lazy<string> root;
    private readonly Lazy<string> runtimes;
    private readonly ConcurrentDictionary<string, Lazy<string>> unpacked = new(StringComparer.Ordinal);
    private volatile bool stopping;

    /// <param name="dataDirectory">Where the emulator keeps its data; null unpacks below the system's temporary directory.</param>
    public FunctionCode(string? dataDirectory)
    {
        root = new Lazy<string>(() => dataDirectory is null ? InTemporary() : InData(dataDirectory));
        runtimes = new Lazy<string>(WriteRuntimes);
        if (dataDirectory is not null)
        {
            _ = Runtimes;
        }
    }

    /// <summary>The directory of the runtime loops.</summary>
    public string Runtimes => runtimes.Value;

    /// <summary>The directory of a package, unpacked now if this is the first who asks.</summary>
    /// <exception cref="IOException">It cannot be unpacked.</exception>
    /// <exception cref="OperationCanceledException">The emulator stops.</exception>
    public string Unpacked(string account, string sha256, Func<byte[]> zip) =>
        Once(account + "-" + Convert.ToHexStringLower(Convert.FromBase64String(sha256)), directory => Unpack(zip(), directory));

    /// <summary>One directory with the contents of layers, later ones over earlier ones; null for none.</summary>
    /// <param name="layers">In their order.</param>
    /// <param name="zip">A package by account and hash.</param>
    public string? Merged(IReadOnlyList<FunctionLayer> layers, Func<string, string, byte[]> zip)
    {
        if (layers.Count == 0)
        {
            return null;
        }

        var all = layers.Select(layer => (Account: Aws.Arn.AccountOf(layer.Arn).ToString(), Sha256: layer.CodeSha256)).ToList();
        return Once(
            "layers-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all)))),
            directory => all.ForEach(layer => Unpack(zip(layer.Account, layer.Sha256), directory))
        );
    }

    private string Once(string name, Action<string> fill)
    {
        var one = unpacked.GetOrAdd(
            name,
            _ => new Lazy<string>(() =>
            {
                ThrowIfStopping();
                var directory = Path.Combine(root.Value, name);
                Create(directory);
                fill(directory);
                return directory;
            })
        );
        try
        {
            return one.Value;
        }
        catch (Exception failure)
        {
            // The next who asks tries again: the disk may have room by then.
            unpacked.TryRemove(KeyValuePair.Create(name, one));
            if (failure is IOException)
            {
                ThrowIfStopping();
            }

            throw;
        }
    }

    /// <summary>Nothing is unpacked any more, and what fails from here on fails because of that.</summary>
    public void Stop() => stopping = true;

    private void ThrowIfStopping()
    {
        if (stopping)
        {
            throw new OperationCanceledException("The emulator is stopping.");
        }
    }

    /// <returns>Bytes of all its files, unpacked.</returns>
    /// <exception cref="Aws.AwsException">InvalidParameterValueException: no zip file, too large, or with paths that leave it.</exception>
    public static long Check(ReadOnlyMemory<byte> zip)
    {
        try
        {
            using var archive = Open(zip);
            var size = 0L;
            foreach (var entry in archive.Entries)
            {
                _ = Target(entry, Path.GetTempPath());
                size += entry.Length;
            }

            if (size > UnpackedLimit)
            {
                throw LambdaErrors.Invalid($"Unzipped size must be smaller than {UnpackedLimit} bytes");
            }

            if (archive.Entries.Count == 0)
            {
                throw LambdaErrors.Invalid("Uploaded file must be a non-empty zip");
            }

            return size;
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw LambdaErrors.Invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
        }
    }

    public void Dispose()
    {
        Stop();
        if (root.IsValueCreated)
        {
            Remove(root.Value);
        }
    }

    private static string InTemporary()
    {
        RemoveAbandoned();
        return Directory.CreateTempSubdirectory($"{TemporaryPrefix}{Environment.ProcessId}-").FullName;
    }

    private static string InData(string dataDirectory)
    {
        // What an earlier run unpacked may be half a package: it is unpacked again from the store.
        var directory = Path.Combine(dataDirectory, "functions");
        Remove(directory);
        Create(directory);
        return directory;
    }

    private string WriteRuntimes()
    {
        var directory = Path.Combine(root.Value, "runtime");
        Create(directory);
        foreach (var name in (string[])["python.py", "node.mjs", DotnetPackage.RuntimeLoop])
        {
            using var source =
                typeof(FunctionCode).Assembly.GetManifestResourceStream("lambda." + name)
                ?? throw new InvalidOperationException($"The runtime loop {name} is not in the assembly.");
            using var target = File.Create(Path.Combine(directory, name));
            source.CopyTo(target);
        }

        return directory;
    }

    private static ZipArchive Open(ReadOnlyMemory<byte> zip) =>
        new(
            MemoryMarshal.TryGetArray(zip, out var segment)
                ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
                : new MemoryStream(zip.ToArray(), writable: false),
            ZipArchiveMode.Read
        );

    private void Unpack(byte[] zip, string directory)
    {
        using var archive = Open(zip);
        var left = UnpackedLimit;
        foreach (var entry in archive.Entries)
        {
            ThrowIfStopping();
            var path = Target(entry, directory);
            if (entry.FullName.EndsWith('/'))
            {
                Directory.CreateDirectory(path);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // An earlier layer's file may be read-only.
            File.Delete(path);
            using (var source = entry.Open())
            using (var target = File.Create(path))
            {
                // The sizes in a zip's directory may lie: what is written counts.
                var chunk = new byte[81920];
                int read;
                while ((read = source.Read(chunk)) > 0)
                {
                    left -= read;
                    if (left < 0)
                    {
                        throw LambdaErrors.Invalid($"Unzipped size must be smaller than {UnpackedLimit} bytes");
                    }

                    target.Write(chunk, 0, read);
                }
            }

            if (!OperatingSystem.IsWindows())
            {
                var mode = (UnixFileMode)((entry.ExternalAttributes >> 16) & 0x1FF);
                File.SetUnixFileMode(path, (mode == 0 ? UnixFileMode.UserRead : mode) | UnixFileMode.UserRead);
            }
        }
    }

    private static string Target(ZipArchiveEntry entry, string directory)
    {
        const int linkMode = 0xA000;
        if (((entry.ExternalAttributes >> 16) & 0xF000) == linkMode)
        {
            throw Aws.AwsException.NotImplemented($"symbolic links in function packages ({entry.FullName})");
        }

        var full = Path.GetFullPath(directory);
        var path = Path.GetFullPath(Path.Combine(full, entry.FullName.Replace('\\', '/')));
        return path.StartsWith(full.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw LambdaErrors.Invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
    }

    private static void Create(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, Private);
        }
    }

    /// <summary>An emulator that was killed could not take away what it had unpacked: its directory has its process's number.</summary>
    private static void RemoveAbandoned()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), TemporaryPrefix + "*"))
        {
            if (
                Path.GetFileName(directory)[TemporaryPrefix.Length..].Split('-') is [var id, _]
                && int.TryParse(id, out var process)
                && !IsRunning(process)
            )
            {
                try
                {
                    Directory.Delete(directory, recursive: true);
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    // Another user's, or another emulator removes it too.
                }
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void Remove(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A process that is just ending holds a file; the next start removes what is left.
        }
    }
}
