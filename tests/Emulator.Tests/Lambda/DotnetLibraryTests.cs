using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>
/// Handlers of the form Assembly::Namespace.Class::Method (https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html). What they may
/// look like, and AWS's words where they may not: github.com/aws/aws-lambda-dotnet, Libraries/src/Amazon.Lambda.RuntimeSupport,
/// Bootstrap/UserCodeLoader.cs, UserCodeValidator.cs and InvokeDelegateBuilder.cs, Helpers/HandlerInfo.cs and ExceptionHandling.
/// </summary>
public sealed class DotnetLibraryTests(DotnetLibraryCloud shared) : IClassFixture<DotnetLibraryCloud>
{
    [Theory]
    [InlineData("Sum", """{"Amount":5}""", """{"Total":5,"Calls":1}""")]
    [InlineData("SumLater", """{"Amount":5}""", """{"Total":5,"Calls":1}""")]
    [InlineData("Static", "\"ab\"", "\"abab\"")]
    [InlineData("Shout", "\"ab\"", "\"ab!\"")] // the method's own serializer, before the assembly's
    [InlineData("Copy", "[1, 2]", "[1, 2]")] // streams pass as they are
    [InlineData("Nothing", "{}", "\"nothing\"")]
    [InlineData("Twice", "21", "42")] // from the base class
    [InlineData("Void", "1", "")]
    [InlineData("Wait", "1", "")]
    public async Task A_handler_takes_and_answers_what_its_method_does(string method, string payload, string answer)
    {
        var result = await shared.Run(method, payload);

        Assert.Equal(answer, result.Payload);
        Assert.Null(result.FunctionError);
    }

    /// <summary>InvokeDelegateBuilder.cs waits for tasks alone: a ValueTask is serialized, as any other object.</summary>
    [Fact]
    public async Task A_ValueTask_is_not_awaited() =>
        Assert.True((await shared.Run("Unawaited", "7")).Json.GetProperty("IsCompletedSuccessfully").GetBoolean());

    [Fact]
    public async Task The_object_is_made_once_and_keeps_its_state()
    {
        await shared.Create("stateful", "Library::Library.Handlers::Sum");
        await shared.Create("made", "Library::Library.Handlers::SumLater");

        Assert.Equal("""{"Total":1,"Calls":1}""", (await shared.Cloud.Invoke("stateful", """{"Amount":1}""")).Payload);
        Assert.Equal("""{"Total":1,"Calls":2}""", (await shared.Cloud.Invoke("stateful", """{"Amount":1}""")).Payload);
        await shared.Cloud.Invoke("made", """{"Amount":1}""");
        Assert.Equal("""{"Total":1,"Calls":1}""", (await shared.Cloud.Invoke("made", """{"Amount":1}""")).Payload);
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html</summary>
    [Fact]
    public async Task The_context_says_what_is_invoked()
    {
        await shared.Create("described", "Library::Library.Handlers::Describe");
        var client = Convert.ToBase64String("""{"client":{"app_title":"mail ü"},"custom":{"k":"v"}}"""u8);

        var context = (await shared.Cloud.Invoke("described", "{}", ("X-Amz-Client-Context", client)))
            .Json.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value.GetString());

        Assert.True(Guid.TryParse(context["AwsRequestId"], out _));
        Assert.Equal("described", context["FunctionName"]);
        Assert.Equal("$LATEST", context["FunctionVersion"]);
        Assert.Equal("arn:aws:lambda:us-east-1:000000000000:function:described", context["InvokedFunctionArn"]);
        Assert.Equal("512", context["MemoryLimitInMB"]);
        Assert.InRange(int.Parse(context["RemainingSeconds"]!), 1, 30);
        Assert.Equal("/aws/lambda/described", context["LogGroupName"]);
        Assert.Contains("[$LATEST]", context["LogStreamName"]);
        Assert.Equal("mail ü", context["AppTitle"]);
        Assert.Equal("v", context["Custom"]);
        Assert.Null(context["IdentityId"]);
        Assert.Null((await shared.Cloud.Invoke("described")).Json.GetProperty("AppTitle").GetString());
    }

    [Fact]
    public async Task A_client_context_that_is_no_object_is_refused()
    {
        await shared.Create("plain", "Library::Library.Handlers::Nothing");

        var refused = await shared.Cloud.Invoke("plain", "{}", ("X-Amz-Client-Context", "not base64"));

        Assert.Equal(400, refused.Status);
        Assert.Contains("Client context must be a valid Base64-encoded JSON object.", refused.Payload);
    }

    /// <summary>Helpers/ConsoleLoggerWriter.cs: time, request id, level; LambdaLogger has none; Debug is below the least level.</summary>
    [Fact]
    public async Task Lines_have_time_request_and_level()
    {
        var result = await shared.Run("Speak", "\"x\"", ("X-Amz-Log-Type", "Tail"));

        var id = result.Log.Split("START RequestId: ")[1][..36];
        string[] lines =
        [
            "info\tconsole x",
            "fail\terror x",
            "info\tline x",
            "info\tinfo x",
            "static x",
            "fail\torder 7 failed\rSystem.ArgumentException: why",
        ];
        Assert.All(lines, line => Assert.Matches($@"(?m)^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z\t{id}\t{line}", result.Log));
        Assert.DoesNotContain("debug x", result.Log);
    }

    /// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-exceptions.html, ExceptionHandling/LambdaJsonExceptionWriter.cs</summary>
    [Fact]
    public async Task An_exception_is_reported_with_its_stack_and_its_cause()
    {
        var result = await shared.Run("Fail", "\"no\"", ("X-Amz-Log-Type", "Tail"));

        Assert.Equal("Unhandled", result.FunctionError);
        Assert.Equal("InvalidOperationException", result.Json.GetProperty("errorType").GetString());
        Assert.Equal("no", result.Json.GetProperty("errorMessage").GetString());
        Assert.StartsWith("at Library.Handlers.Fail(String text) in ", result.Json.GetProperty("stackTrace")[0].GetString());
        Assert.Equal("ArgumentException", result.Json.GetProperty("cause").GetProperty("errorType").GetString());
        Assert.Contains("\tfail\tSystem.InvalidOperationException: no", result.Log);
    }

    [Fact]
    public async Task An_exception_of_a_task_is_the_method_s_own() =>
        Assert.Equal("KeyNotFoundException", (await shared.Run("FailLater", "\"no\"")).Json.GetProperty("errorType").GetString());

    [Theory]
    [InlineData(
        "Library::Library.Handlers",
        "Invalid lambda function handler: 'Library::Library.Handlers'. The valid format is 'ASSEMBLY::TYPE::METHOD'."
    )]
    [InlineData(
        "Library::Library.Handlers::",
        "Invalid lambda function handler: 'Library::Library.Handlers::', the method is missing. The valid format is 'ASSEMBLY::TYPE::METHOD'."
    )]
    [InlineData(
        "Other::Library.Handlers::Sum",
        "Could not find the specified handler assembly with the file name 'Other, Culture=neutral, PublicKeyToken=null'. "
            + "The assembly should be located in the root of your uploaded .zip file."
    )]
    [InlineData("Library::Library.Nobody::Sum", "Unable to load type 'Library.Nobody' from assembly 'Library'.")]
    [InlineData(
        "Library::Library.Handlers::Nowhere",
        "Unable to find method 'Nowhere' in type 'Library.Handlers' from assembly 'Library': Found no methods matching method name 'Nowhere'."
    )]
    [InlineData(
        "Library::Library.Handlers::Overloaded",
        "The method 'Overloaded' in type 'Library.Handlers' appears to have a number of overloads. To call this method "
            + "please specify a complete method signature. Possible candidates are:\nSystem.String Overloaded(Int32)\nSystem.String Overloaded(System.String)."
    )]
    [InlineData(
        "Library::Library.Handlers::Three",
        "Method 'Three' of type 'Library.Handlers' is not supported: the method has more than 2 parameters."
    )]
    [InlineData(
        "Library::Library.Handlers::NoContext",
        "Method 'NoContext' of type 'Library.Handlers' is not supported: the method has 2 parameters, "
            + "but the second parameter is not of type 'Amazon.Lambda.Core.ILambdaContext'."
    )]
    [InlineData(
        "Library::Library.Handlers::AsyncVoid",
        "The method 'Void AsyncVoid(Int32)' cannot be used as a Lambda Handler because it is an 'async void' method. "
            + "Handler methods cannot be 'async void'. Please specify a method that is not 'async void'."
    )]
    [InlineData(
        "Library::Library.Handlers::Generic",
        "The method 'T Generic[T](T)' cannot be used as a Lambda Handler because it is a generic method. "
            + "Handler methods cannot be generic. Please specify a non-generic handler method."
    )]
    [InlineData(
        "Library::Library.Abstract::Run",
        "The instance method 'Int32 Run(Int32)' cannot be used as a Lambda Handler because its type 'Library.Abstract' is abstract. "
            + "Please either use a static handler or specify a type that is not abstract."
    )]
    [InlineData(
        "Library::Library.Open`1::Run",
        "The type 'Library.Open`1' cannot be used as a Lambda Handler type because it is generic. Handler methods cannot be "
            + "located in generic types. Please specify a handler method in a non-generic type."
    )]
    [InlineData(
        "Bare::Bare.Handlers::Number",
        "Could not find the LambdaSerializerAttribute on the assembly 'Bare' or method 'Number' while attempting to deserialize input "
            + "data of type 'System.Int32'. To use types other than System.IO.Stream as input/output parameters, the assembly or Lambda function should be annotated with "
            + "Amazon.Lambda.Core.LambdaSerializerAttribute."
    )]
    [InlineData(
        "Bare::Bare.Handlers::Text",
        "Could not find the LambdaSerializerAttribute on the assembly 'Bare' or method 'Text' while attempting to serialize output "
            + "data of type 'System.String'. To use types other than System.IO.Stream as input/output parameters, the assembly or Lambda function should be annotated with "
            + "Amazon.Lambda.Core.LambdaSerializerAttribute."
    )]
    public async Task What_cannot_be_a_handler_fails_its_initialisation(string handler, string message)
    {
        var error = (await shared.Run(handler, "1")).Json;

        Assert.Equal("LambdaValidationException", error.GetProperty("errorType").GetString());
        Assert.Equal(message, error.GetProperty("errorMessage").GetString());
    }

    /// <summary>UserCodeLoader.cs makes the object by Activator.CreateInstance, whose exception names the constructor's as its cause.</summary>
    [Fact]
    public async Task A_constructor_that_throws_is_a_cause()
    {
        var error = (await shared.Run("Library::Library.Broken::Run", "1")).Json;

        Assert.Equal("TargetInvocationException", error.GetProperty("errorType").GetString());
        Assert.Equal("no database", error.GetProperty("cause").GetProperty("errorMessage").GetString());
    }

    [Fact]
    public async Task Streams_need_no_serializer_and_no_package_of_AWS() =>
        Assert.Equal("[3]", (await shared.Run("Bare::Bare.Handlers::Copy", "[3]")).Payload);

    /// <summary>bootstrap-al2023.sh ends with 105 and 106 where the package has neither the assembly's file nor a single other one.</summary>
    [Theory]
    [InlineData(".deps.json", 105)]
    [InlineData(".runtimeconfig.json", 106)]
    public async Task A_package_without_its_descriptions_does_not_start(string missing, int status)
    {
        var name = "without" + status;
        await shared.Cloud.CreateFunction(
            name,
            "dotnet10",
            "Library::Library.Handlers::Sum",
            DotnetLibraryCloud.Package("dotnet10", without: missing),
            DotnetLibraryCloud.Settings
        );

        var result = await shared.Cloud.Invoke(name, "{}", ("X-Amz-Log-Type", "Tail"));

        Assert.EndsWith($"Runtime exited with error: exit status {status}", result.Json.GetProperty("errorMessage").GetString());
        Assert.Contains($"is missing the required {missing} file.", result.Log);
    }

    [Fact]
    public async Task A_package_for_dotnet8_runs_there_and_its_log_says_on_what()
    {
        await shared.Cloud.CreateFunction(
            "eight",
            "dotnet8",
            "Library::Library.Handlers::Describe",
            DotnetLibraryCloud.Package("dotnet8"),
            DotnetLibraryCloud.Settings
        );

        var result = await shared.Cloud.Invoke("eight", "{}", ("X-Amz-Log-Type", "Tail"));

        var major = result.Json.GetProperty("Runtime").GetString();
        Assert.Equal(
            major != "8",
            result.Log.Contains($"The Disa emulator found no .NET 8 on this machine: the function runs on .NET {major}.")
        );
    }

    /// <summary>The runtime has one .NET: https://docs.aws.amazon.com/lambda/latest/dg/lambda-csharp.html</summary>
    [Fact]
    public async Task A_package_for_a_newer_dotnet_does_not_run_on_dotnet8()
    {
        await shared.Cloud.CreateFunction(
            "newer",
            "dotnet8",
            "Library::Library.Handlers::Sum",
            DotnetLibraryCloud.Package("dotnet10"),
            DotnetLibraryCloud.Settings
        );

        var result = await shared.Cloud.Invoke("newer", "{}", ("X-Amz-Log-Type", "Tail"));

        Assert.EndsWith("Runtime exited with error: exit status 150", result.Json.GetProperty("errorMessage").GetString());
        Assert.Contains("You must install or update .NET to run this application.", result.Log);
    }
}

/// <summary>One emulator for them all, and the packages of the two libraries.</summary>
public sealed class DotnetLibraryCloud : IAsyncLifetime
{
    internal const string Settings = "\"MemorySize\":512,\"Timeout\":30";

    private int made;

    internal TestCloud Cloud { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();

    internal Task<JsonElement> Create(string name, string handler) =>
        Cloud.CreateFunction(name, "dotnet10", handler, Package("dotnet10", handler), Settings);

    /// <param name="method">Of the class Library.Handlers, or a whole handler.</param>
    internal async Task<InvokeResult> Run(string method, string payload, params (string, string)[] headers)
    {
        var name = "f" + Interlocked.Increment(ref made);
        await Create(name, method.Contains("::") ? method : "Library::Library.Handlers::" + method);
        return await Cloud.Invoke(name, payload, headers);
    }

    /// <summary>As <c>dotnet lambda package</c> makes it, for the .NET of the runtime.</summary>
    internal static byte[] Package(string runtime, string handler = "Library::", string? without = null)
    {
        var project = handler.StartsWith("Bare::") ? "Bare" : "Library";
        var directory = Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            project,
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
        );
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.EnumerateFiles(directory).Where(file => without is null || !file.EndsWith(without)))
            {
                var bytes = File.ReadAllBytes(file);
                if (runtime == "dotnet10" && file.EndsWith(".runtimeconfig.json"))
                {
                    bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"8.0.0\"", "\"10.0.0\""));
                }

                using var entry = zip.CreateEntry(Path.GetFileName(file)).Open();
                entry.Write(bytes);
            }
        }

        return memory.ToArray();
    }
}
