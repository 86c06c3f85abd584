using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Store;

/// <summary>
/// A folder that one process owns. The owner holds a lock of the operating system on <c>disa.lock</c>, which ends with the process
/// however it ends, and is taken before anything else in the folder is touched; <c>disa.owner</c> says who it is, for whoever comes second.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string LockFile = "disa.lock";
    private const string OwnerFile = "disa.owner";

    private readonly string directory;
    private readonly FileStream held;
    private readonly DateTimeOffset since;

    private DataFolder(string directory, FileStream held, DateTimeOffset since)
    {
        this.directory = directory;
        this.held = held;
        this.since = since;
    }

    /// <summary>Takes a folder; it is made, readable by its owner alone, where there is none.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="time">Real time.</param>
    /// <exception cref="FolderTakenException">Another process owns it.</exception>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no right to.</exception>
    public static DataFolder Own(string directory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var folder = new DataFolder(directory, Lock(directory), time.GetUtcNow());
        try
        {
            folder.Say(null);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        return folder;
    }

    /// <summary>The process that owns a folder; null where none does.</summary>
    public static FolderOwner? OwnerOf(string directory)
    {
        if (!File.Exists(Path.Combine(directory, LockFile)))
        {
            return null;
        }

        try
        {
            Lock(directory).Dispose();
            return null;
        }
        catch (FolderTakenException taken)
        {
            return taken.Owner;
        }
    }

    /// <summary>The database file of a folder.</summary>
    internal static string DatabaseIn(string directory) => Path.Combine(directory, "disa.db");

    /// <summary>Data at rest is its owner's alone: the directory, and every file in it, those of an older version too.</summary>
    internal static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        const UnixFileMode forOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(directory, forOwner | UnixFileMode.UserExecute);
        File.SetUnixFileMode(directory, forOwner | UnixFileMode.UserExecute);

        // SQLite gives its log and its index the mode of the database file (https://sqlite.org/wal.html), which is therefore made first.
        new FileStream(
            DatabaseIn(directory),
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                UnixCreateMode = forOwner,
                Share = FileShare.ReadWrite,
            }
        ).Dispose();
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) & forOwner);
        }
    }

    /// <summary>From now on whoever comes second is told where the owner answers.</summary>
    public void Answers(Uri endpoint) => Say(endpoint);

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => held.Dispose();

    private static FileStream Lock(string directory)
    {
        try
        {
            // Not shared: on Unix an advisory lock of the whole file, on Windows a share mode; both end with the process.
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 1,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(Path.Combine(directory, LockFile), options);
        }
        catch (IOException taken) when (IsTaken(taken))
        {
            throw new FolderTakenException(directory, Owner(directory), taken);
        }
    }

    /// <summary>EWOULDBLOCK has another number on macOS; on Windows it is a sharing violation.</summary>
    private static bool IsTaken(IOException exception) => exception.HResult is 11 or 35 || (exception.HResult & 0xFFFF) is 32 or 33;

    private void Say(Uri? endpoint)
    {
        var owner = JsonSerializer.SerializeToUtf8Bytes(
            new FolderOwner(Environment.ProcessId, endpoint, since),
            DataFolderJson.Default.FolderOwner
        );

        // Whoever reads meanwhile finds the old text or the new one.
        var next = Path.Combine(directory, OwnerFile + ".next");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(next, options))
        {
            file.Write(owner);
        }

        File.Move(next, Path.Combine(directory, OwnerFile), overwrite: true);
    }

    private static FolderOwner? Owner(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize(
                File.ReadAllText(Path.Combine(directory, OwnerFile), Encoding.UTF8),
                DataFolderJson.Default.FolderOwner
            );
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // It has only just taken the folder.
        }
    }
}

/// <summary>Who owns a data folder.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Endpoint">Where it answers; null while it starts.</param>
/// <param name="Since">Since when.</param>
public sealed record FolderOwner(int Pid, Uri? Endpoint, DateTimeOffset Since);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase
)]
[System.Text.Json.Serialization.JsonSerializable(typeof(FolderOwner))]
internal sealed partial class DataFolderJson : System.Text.Json.Serialization.JsonSerializerContext;

/// <summary>Another process owns the folder; the text says which.</summary>
public sealed class FolderTakenException(string directory, FolderOwner? owner, Exception inner)
    : Exception($"{directory} is in use {(owner is null ? "by a process that is starting" : Words(owner))}.", inner)
{
    /// <summary>Null where it has not said yet who it is.</summary>
    public FolderOwner? Owner { get; } = owner;

    private static string Words(FolderOwner owner) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"by process {owner.Pid}{(owner.Endpoint is { } endpoint ? $" at {endpoint.GetLeftPart(UriPartial.Authority)}" : "")} since {owner.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"
        );
}
