namespace Disa.Functions;

/// <summary>The table's shape, as a function's environment has it.</summary>
public static class TableSettings
{
    public static TableShape Shape() =>
        new(
            [
                Settings.Text("PARTITION_KEY_NAME", "sequenceNo"),
                .. Settings.Text("SORT_KEY_NAME", "") is { Length: > 0 } sort ? (string[])[sort] : [],
            ],
            Settings.Text("TABLE_IS_SHARED", "false") == "true"
        );
}
