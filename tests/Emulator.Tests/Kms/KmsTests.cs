using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;

namespace Disa.Emulator.Tests.Kms;

public sealed class KmsTests : IAsyncLifetime
{
    private TestCloud cloud = null!;
    private AmazonKeyManagementServiceClient kms = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        kms = Client(cloud);
    }

    public async ValueTask DisposeAsync()
    {
        kms.Dispose();
        await cloud.DisposeAsync();
    }

    internal static AmazonKeyManagementServiceClient Client(TestCloud cloud) =>
        new(
            new BasicAWSCredentials("000000000000", "secret"),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = cloud.Endpoint.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

    [Fact]
    public async Task What_a_key_encrypts_it_decrypts_only_with_the_same_context()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest { Description = "d" })).KeyMetadata;
        var encrypted = await kms.EncryptAsync(
            new EncryptRequest
            {
                KeyId = key.Arn,
                Plaintext = Bytes("secret"),
                EncryptionContext = new() { ["a"] = "1", ["b"] = "2" },
            }
        );

        var decrypted = await kms.DecryptAsync(
            new DecryptRequest
            {
                CiphertextBlob = encrypted.CiphertextBlob,
                EncryptionContext = new() { ["b"] = "2", ["a"] = "1" },
            }
        );

        Assert.Equal("secret", Text(decrypted.Plaintext));
        Assert.Equal(key.Arn, decrypted.KeyId);
        await Assert.ThrowsAsync<InvalidCiphertextException>(() =>
            kms.DecryptAsync(
                new DecryptRequest
                {
                    CiphertextBlob = encrypted.CiphertextBlob,
                    EncryptionContext = new() { ["a"] = "1" },
                }
            )
        );
        await Assert.ThrowsAsync<InvalidCiphertextException>(() =>
            kms.DecryptAsync(new DecryptRequest { CiphertextBlob = Bytes("no ciphertext at all") })
        );
    }

    [Fact]
    public async Task Another_key_than_the_one_named_is_incorrect()
    {
        var one = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        var other = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        var unfit = (
            await kms.CreateKeyAsync(new CreateKeyRequest { KeySpec = KeySpec.HMAC_256, KeyUsage = KeyUsageType.GENERATE_VERIFY_MAC })
        ).KeyMetadata;
        var encrypted = await kms.EncryptAsync(new EncryptRequest { KeyId = one.KeyId, Plaintext = Bytes("x") });

        // Also where the other key is not for decryption at all (recorded on AWS 13-04-2023).
        foreach (var wrong in (KeyMetadata[])[other, unfit])
        {
            await Assert.ThrowsAsync<IncorrectKeyException>(() =>
                kms.DecryptAsync(new DecryptRequest { CiphertextBlob = encrypted.CiphertextBlob, KeyId = wrong.KeyId })
            );
        }

        var moved = await kms.ReEncryptAsync(
            new ReEncryptRequest { CiphertextBlob = encrypted.CiphertextBlob, DestinationKeyId = other.KeyId }
        );

        Assert.Equal(one.Arn, moved.SourceKeyId);
        Assert.Equal(
            "x",
            Text((await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = moved.CiphertextBlob, KeyId = other.KeyId })).Plaintext)
        );
    }

    [Fact]
    public async Task A_disabled_key_and_one_pending_deletion_refuse_in_AWSs_words()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        await kms.DisableKeyAsync(key.KeyId);

        var disabled = await Assert.ThrowsAsync<DisabledException>(() =>
            kms.EncryptAsync(new EncryptRequest { KeyId = key.KeyId, Plaintext = Bytes("x") })
        );
        Assert.Equal($"{key.Arn} is disabled.", disabled.Message);

        await kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = key.KeyId, PendingWindowInDays = 7 });
        var pending = await Assert.ThrowsAsync<KMSInvalidStateException>(() => kms.EnableKeyAsync(key.KeyId));
        Assert.Equal($"{key.Arn} is pending deletion.", pending.Message);
        await kms.CancelKeyDeletionAsync(key.KeyId);
        Assert.Equal(KeyState.Disabled, (await kms.DescribeKeyAsync(key.KeyId)).KeyMetadata.KeyState);
    }

    [Fact]
    public async Task A_key_is_gone_with_its_aliases_when_its_window_is_over()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        await kms.CreateAliasAsync("alias/mine", key.KeyId);
        await kms.ScheduleKeyDeletionAsync(new ScheduleKeyDeletionRequest { KeyId = key.KeyId, PendingWindowInDays = 7 });

        await cloud.Cloud.Advance(TimeSpan.FromDays(6.9));
        Assert.Equal(KeyState.PendingDeletion, (await kms.DescribeKeyAsync("alias/mine")).KeyMetadata.KeyState);
        await cloud.Cloud.Advance(TimeSpan.FromDays(0.2));

        var gone = await Assert.ThrowsAsync<NotFoundException>(() => kms.DescribeKeyAsync(key.KeyId));
        Assert.Equal($"Key '{key.Arn}' does not exist", gone.Message);
        Assert.Empty((await kms.ListAliasesAsync(new ListAliasesRequest())).Aliases ?? []);
    }

    [Fact]
    public async Task A_rotated_key_still_opens_what_it_sealed_before()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        await kms.EnableKeyRotationAsync(new EnableKeyRotationRequest { KeyId = key.KeyId, RotationPeriodInDays = 90 });
        var before = await kms.EncryptAsync(new EncryptRequest { KeyId = key.KeyId, Plaintext = Bytes("x") });

        await cloud.Cloud.Advance(TimeSpan.FromDays(91));

        var rotation = Assert.Single((await kms.ListKeyRotationsAsync(new ListKeyRotationsRequest { KeyId = key.KeyId })).Rotations);
        Assert.Equal(RotationType.AUTOMATIC, rotation.RotationType);
        Assert.NotEqual(key.CurrentKeyMaterialId, (await kms.DescribeKeyAsync(key.KeyId)).KeyMetadata.CurrentKeyMaterialId);
        Assert.Equal("x", Text((await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = before.CiphertextBlob })).Plaintext));
    }

    [Fact]
    public async Task A_policy_that_locks_everyone_out_is_refused()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        const string locked =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}]}""";

        await Assert.ThrowsAsync<MalformedPolicyDocumentException>(() =>
            kms.PutKeyPolicyAsync(new PutKeyPolicyRequest { KeyId = key.KeyId, Policy = locked })
        );
        await Assert.ThrowsAsync<MalformedPolicyDocumentException>(() =>
            kms.PutKeyPolicyAsync(new PutKeyPolicyRequest { KeyId = key.KeyId, Policy = "{" })
        );
        await kms.PutKeyPolicyAsync(
            new PutKeyPolicyRequest
            {
                KeyId = key.KeyId,
                Policy = locked,
                BypassPolicyLockoutSafetyCheck = true,
            }
        );

        Assert.Equal(locked, (await kms.GetKeyPolicyAsync(new GetKeyPolicyRequest { KeyId = key.KeyId })).Policy);
    }

    [Fact]
    public async Task A_data_key_comes_in_the_clear_and_wrapped()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
        var made = await kms.GenerateDataKeyAsync(new GenerateDataKeyRequest { KeyId = key.KeyId, KeySpec = DataKeySpec.AES_256 });

        var opened = await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = made.CiphertextBlob });

        Assert.Equal(32, made.Plaintext.Length);
        Assert.Equal(made.Plaintext.ToArray(), opened.Plaintext.ToArray());
        Assert.Equal(16, (await kms.GenerateRandomAsync(new GenerateRandomRequest { NumberOfBytes = 16 })).Plaintext.Length);
    }

    [Fact]
    public async Task AWSs_own_key_comes_to_be_by_DescribeKey_and_serves_only_its_service()
    {
        var managed = (await kms.DescribeKeyAsync("alias/aws/sns")).KeyMetadata;

        Assert.Equal(KeyManagerType.AWS, managed.KeyManager);
        var denied = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.EncryptAsync(new EncryptRequest { KeyId = "alias/aws/sns", Plaintext = Bytes("x") })
        );
        Assert.Equal("AccessDeniedException", denied.ErrorCode);
    }

    [Fact]
    public async Task Tags_and_grants_are_kept()
    {
        var key = (await kms.CreateKeyAsync(new CreateKeyRequest { Tags = [new() { TagKey = "a", TagValue = "1" }] })).KeyMetadata;
        await kms.TagResourceAsync(new TagResourceRequest { KeyId = key.KeyId, Tags = [new() { TagKey = "b", TagValue = "2" }] });
        await kms.UntagResourceAsync(new UntagResourceRequest { KeyId = key.KeyId, TagKeys = ["a"] });
        Assert.Equal("b", Assert.Single((await kms.ListResourceTagsAsync(new ListResourceTagsRequest { KeyId = key.KeyId })).Tags).TagKey);

        var request = new CreateGrantRequest
        {
            KeyId = key.Arn,
            Name = "n",
            GranteePrincipal = "arn:aws:iam::000000000000:role/r",
            Operations = ["Decrypt"],
        };
        var grant = await kms.CreateGrantAsync(request);
        Assert.Equal(grant.GrantId, (await kms.CreateGrantAsync(request)).GrantId);
        Assert.Single((await kms.ListGrantsAsync(new ListGrantsRequest { KeyId = key.KeyId })).Grants);
        await kms.RetireGrantAsync(new RetireGrantRequest { GrantToken = grant.GrantToken });
        Assert.Empty((await kms.ListGrantsAsync(new ListGrantsRequest { KeyId = key.KeyId })).Grants ?? []);
    }

    [Fact]
    public async Task What_is_not_done_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.ConnectCustomKeyStoreAsync(new ConnectCustomKeyStoreRequest { CustomKeyStoreId = "x" })
        );
        Assert.Contains("kms:ConnectCustomKeyStore", refused.Message);
    }

    private static MemoryStream Bytes(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    private static string Text(MemoryStream bytes) => System.Text.Encoding.UTF8.GetString(bytes.ToArray());
}
