using SmilesBert.Model;

namespace SmilesBert.Tests.Pretraining;

public sealed class ModelFlopsTests
{
    [Theory]
    [InlineData("bert-mlm")]
    [InlineData("albert-mlm")]
    public void AMoleculesStep_IsTheSumOfItsProducts(string name)
    {
        ModelConfig config = ModelConfig.Load(Files.Golden("Model", name));
        const int Tokens = 23, Masked = 3;
        double forward = 0;
        void Product(int rows, int inner, int columns) => forward += 2.0 * rows * inner * columns;
        if (config.EmbeddingSize != config.HiddenSize) Product(Tokens, config.EmbeddingSize, config.HiddenSize);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            for (int i = 0; i < 4; i++) Product(Tokens, config.HiddenSize, config.HiddenSize);      // query, key, value, output
            for (int head = 0; head < config.Heads; head++)
            {
                Product(Tokens, config.HeadSize, Tokens);       // scores
                Product(Tokens, Tokens, config.HeadSize);       // their means of the values
            }
            Product(Tokens, config.HiddenSize, config.FeedForwardSize);
            Product(Tokens, config.FeedForwardSize, config.HiddenSize);
        }
        Product(Masked, config.HiddenSize, config.EmbeddingSize);
        Product(Masked, config.EmbeddingSize, config.VocabularySize);
        Assert.Equal(3 * forward, ModelFlops.OfTraining(config, Tokens, Masked), 1e-6 * forward);
    }
}
